package dev.fencepost.verification.linearizability;

/**
 * A version of a key in the final content of the store.
 *
 * @param value the value, or {@link Access#ABSENT} for a deletion
 * @param sequence the sequence, shared by all versions of one commit
 */
record StoredVersions(String key, long version, String value, long sequence) {
    String text() {
        return key + " " + version + " " + value + " " + sequence + "\n";
    }

    static StoredVersions parse(String line) {
        String[] words = line.split(" ");
        return new StoredVersions(words[0], Long.parseLong(words[1]), words[2], Long.parseLong(words[3]));
    }
}
