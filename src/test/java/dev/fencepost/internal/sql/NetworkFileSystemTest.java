package dev.fencepost.internal.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which file systems are refused by their type; none of them can be mounted for a test without a second host. */
class NetworkFileSystemTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "lustre", "fuse.sshfs", "fuse.gcsfuse"})
    void fileSystemsBetweenHosts_areRefused(String type) {
        assertThat(Doors.isNetwork(type)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ext4", "xfs", "btrfs", "tmpfs", "overlay", "apfs", "ntfs", "fuseblk", "fuse.gocryptfs"})
    void fileSystemsOfOneHost_areServed(String type) {
        assertThat(Doors.isNetwork(type)).isFalse();
    }

    @Test
    void theFileSystemOfTheTests_isServed(@TempDir Path folder) throws IOException {
        assertThat(Doors.isNetwork(Files.getFileStore(folder).type())).isFalse();
    }
}
