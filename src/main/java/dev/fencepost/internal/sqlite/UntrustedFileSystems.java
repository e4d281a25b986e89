package dev.fencepost.internal.sqlite;

import java.util.Set;

/**
 * File systems on which SQLite's locks or shared memory do not hold between all processes that can open the file.
 *
 * <h2>Why</h2>
 *
 * A store needs POSIX locks that all its processes see, and a {@code -shm} file that all of them map as one memory.
 * SQLite: 'Write-Ahead Logging', section 1: "All processes using a database must be on the same host computer; WAL does
 * not work over a network filesystem". SQLite: 'How To Corrupt An SQLite Database File', section 2: "Filesystems with
 * broken or missing lock implementations".
 *
 * <ul>
 *   <li>Network and cluster file systems: their clients are other hosts, with a memory of their own.
 *   <li>{@code virtiofs}, {@code 9p}: a folder of the host in a virtual machine (QEMU, Docker Desktop, OrbStack,
 *       Podman, WSL 2). The guest's memory is not the host's. {@code virtiofsd} keeps POSIX locks within the guest by
 *       default ({@code no_posix_lock}; virtiofsd(1)). Reports of files that were damaged within minutes, where the
 *       same load on ext4 does no harm: NousResearch/hermes-agent issue 110847, openclaw/openclaw pull request 120595,
 *       docker/docker-agent pull request 3551.
 *   <li>{@code fuse.grpcfuse}, {@code fuse.osxfs}, {@code osxfs}, {@code fakeowner}: the same in Docker Desktop, older
 *       and newer: DaKheera47/job-ops issue 726.
 *   <li>{@code vboxsf}: VirtualBox: nette/caching issue 37. {@code vmhgfs}, {@code prl_fs}: the same of VMware and
 *       Parallels.
 *   <li>{@code drvfs}: Windows drives in WSL 1, where locks of Windows and Linux programs do not exclude each other:
 *       microsoft/WSL issue 2395.
 *   <li>{@code fuse.s3fs}, {@code fuse.gcsfuse} and their like: object stores, which have neither.
 * </ul>
 *
 * Other types of FUSE, such as encrypting overlays, are local and stay allowed.
 */
final class UntrustedFileSystems {
    private static final Set<String> NETWORK = Set.of(
            "nfs",
            "nfs4",
            "cifs",
            "smb",
            "smb2",
            "smb3",
            "smbfs",
            "afs",
            "afpfs",
            "webdav",
            "ceph",
            "coda",
            "ncpfs",
            "glusterfs",
            "lustre",
            "beegfs",
            "gpfs",
            "gfs2",
            "ocfs2",
            "orangefs",
            "pvfs2",
            "wekafs");

    private static final Set<String> HOST = Set.of(
            "virtiofs",
            "fuse.virtiofs",
            "9p",
            "v9fs",
            "vboxsf",
            "vmhgfs",
            "fuse.vmhgfs-fuse",
            "prl_fs",
            "prlfs",
            "fuse.prl_fsd",
            "osxfs",
            "fuse.osxfs",
            "grpcfuse",
            "fuse.grpcfuse",
            "fakeowner",
            "drvfs");

    private static final Set<String> FUSE = Set.of(
            "fuse.sshfs",
            "fuse.s3fs",
            "fuse.glusterfs",
            "fuse.rclone",
            "fuse.ceph",
            "fuse.ceph-fuse",
            "fuse.gcsfuse",
            "gcsfuse",
            "s3fs",
            "fuse.goofys",
            "fuse.mount-s3",
            "fuse.mountpoint-s3",
            "fuse.juicefs",
            "fuse.davfs",
            "fuse.davfs2",
            "fuse.blobfuse",
            "fuse.blobfuse2",
            "fuse.objectivefs",
            "fuse.seaweedfs",
            "fuse.mfs",
            "fuse.lizardfs",
            "fuse.nfs",
            "fuse.smbnetfs",
            "fuse.gvfsd-fuse",
            "fuse.kio-fuse",
            "fuse.google-drive-ocamlfuse");

    private UntrustedFileSystems() {}

    /**
     * Returns whether a type of file system is untrusted.
     *
     * @param type the type as the Java platform names it, in lower case
     */
    static boolean contains(String type) {
        return NETWORK.contains(type) || HOST.contains(type) || FUSE.contains(type);
    }
}
