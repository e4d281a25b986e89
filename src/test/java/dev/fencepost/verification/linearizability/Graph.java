package dev.fencepost.verification.linearizability;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * A directed graph whose edges carry reasons. It finds the components with cycles by a non-recursive form of Tarjan's
 * algorithm, and the shortest cycle in a component.
 */
final class Graph {
    /** An edge and its reason. Edges along the time line have no length and no reason. */
    record Edge(int from, int to, String why, boolean counts) {}

    private final List<List<Edge>> edges = new ArrayList<>();

    /** Adds a node and returns its number. */
    int add() {
        edges.add(new ArrayList<>());
        return edges.size() - 1;
    }

    void edge(int from, int to, String why, boolean counts) {
        edges.get(from).add(new Edge(from, to, why, counts));
    }

    int size() {
        return edges.size();
    }

    /** Returns the components with more than one node; each has a cycle. */
    List<List<Integer>> knots() {
        Search search = new Search();
        for (int root = 0; root < edges.size(); root++) {
            if (search.number[root] == 0) {
                search.from(root);
            }
        }
        return search.knots;
    }

    private final class Search {
        private final int[] number = new int[edges.size()];
        private final int[] low = new int[edges.size()];
        private final int[] nextEdge = new int[edges.size()];
        private final boolean[] open = new boolean[edges.size()];
        private final Deque<Integer> stack = new ArrayDeque<>();
        private final Deque<Integer> path = new ArrayDeque<>();
        private final List<List<Integer>> knots = new ArrayList<>();
        private int count;

        private void from(int root) {
            path.push(root);
            while (!path.isEmpty()) {
                int node = path.peek();
                if (number[node] == 0) {
                    number[node] = low[node] = ++count;
                    stack.push(node);
                    open[node] = true;
                }
                if (nextEdge[node] < edges.get(node).size()) {
                    follow(node, edges.get(node).get(nextEdge[node]++).to());
                } else {
                    leave(node);
                }
            }
        }

        private void follow(int node, int to) {
            if (number[to] == 0) {
                path.push(to);
            } else if (open[to]) {
                low[node] = Math.min(low[node], number[to]);
            }
        }

        private void leave(int node) {
            path.pop();
            if (!path.isEmpty()) {
                low[path.peek()] = Math.min(low[path.peek()], low[node]);
            }
            if (low[node] == number[node]) {
                close(node);
            }
        }

        private void close(int node) {
            List<Integer> knot = new ArrayList<>();
            int member;
            do {
                member = stack.pop();
                open[member] = false;
                knot.add(member);
            } while (member != node);
            if (knot.size() > 1) {
                knots.add(knot);
            }
        }
    }

    /** Returns a cycle through one of these nodes, with the fewest edges that count. */
    List<Edge> shortestCycle(List<Integer> knot, List<Integer> through) {
        boolean[] inside = new boolean[edges.size()];
        knot.forEach(node -> inside[node] = true);
        List<Edge> best = List.of();
        int bound = Integer.MAX_VALUE;
        for (int start : through) {
            if (bound <= 2) {
                break;
            }
            List<Edge> found = cycle(start, inside, bound);
            if (!found.isEmpty()) {
                best = found;
                bound = length(found);
            }
        }
        return best;
    }

    private static int length(List<Edge> cycle) {
        return (int) cycle.stream().filter(Edge::counts).count();
    }

    /** Searches breadth-first from a node back to itself, following edges without length first. */
    private List<Edge> cycle(int start, boolean[] inside, int bound) {
        int[] distance = new int[edges.size()];
        Arrays.fill(distance, Integer.MAX_VALUE);
        Edge[] by = new Edge[edges.size()];
        Deque<Integer> queue = new ArrayDeque<>(List.of(start));
        distance[start] = 0;
        int back = Integer.MAX_VALUE;
        while (!queue.isEmpty()) {
            int node = queue.poll();
            for (Edge edge : edges.get(node)) {
                int far = distance[node] + (edge.counts() ? 1 : 0);
                if (!inside[edge.to()] || far >= bound) {
                    continue;
                }
                if (edge.to() == start && far < back) {
                    back = far;
                    by[start] = edge;
                } else if (far < distance[edge.to()]) {
                    distance[edge.to()] = far;
                    by[edge.to()] = edge;
                    if (edge.counts()) {
                        queue.addLast(edge.to());
                    } else {
                        queue.addFirst(edge.to());
                    }
                }
            }
        }
        return back == Integer.MAX_VALUE ? List.of() : walkBack(start, by);
    }

    private static List<Edge> walkBack(int start, Edge[] by) {
        Deque<Edge> cycle = new ArrayDeque<>();
        Edge edge = by[start];
        cycle.addFirst(edge);
        while (edge.from() != start) {
            edge = by[edge.from()];
            cycle.addFirst(edge);
        }
        return new ArrayList<>(cycle);
    }
}
