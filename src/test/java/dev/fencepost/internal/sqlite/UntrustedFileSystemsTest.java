package dev.fencepost.internal.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** File systems by their type; none of the untrusted ones can be mounted for a test without a second host. */
class UntrustedFileSystemsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "nfs",
                "nfs4",
                "cifs",
                "smb3",
                "smbfs",
                "ceph",
                "lustre",
                "fuse.sshfs",
                "fuse.gcsfuse",
                "fuse.s3fs"
            })
    void fileSystem_betweenHosts_isUntrusted(String type) {
        assertThat(UntrustedFileSystems.contains(type)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "virtiofs",
                "fuse.virtiofs",
                "9p",
                "vboxsf",
                "vmhgfs",
                "fuse.vmhgfs-fuse",
                "prl_fs",
                "osxfs",
                "fuse.osxfs",
                "fuse.grpcfuse",
                "fakeowner",
                "drvfs"
            })
    void fileSystem_ofAHostInItsGuest_isUntrusted(String type) {
        assertThat(UntrustedFileSystems.contains(type)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "btrfs", "tmpfs", "overlay", "apfs", "ntfs", "fuseblk", "fuse.gocryptfs"})
    void fileSystem_ofOneHost_isTrusted(String type) {
        assertThat(UntrustedFileSystems.contains(type)).isFalse();
    }

    @Test
    void fileSystem_ofTheTests_isTrusted(@TempDir Path folder) throws IOException {
        assertThat(UntrustedFileSystems.contains(Files.getFileStore(folder).type()))
                .isFalse();
    }
}
