package dev.fencepost;

import java.nio.file.Path;

/**
 * The result of a restore or an adoption.
 *
 * @param file the path of the store
 * @param storeId the new {@linkplain Store#id() id} of the store
 * @param formerId the id that the backup or copy had; tokens and positions that carry it are refused with {@link
 *     LostHistoryException}
 * @param sequence the sequence of the newest commit, which is the restore or adoption itself
 * @param endedClaims the number of claims that were held in the backup or copy and are revoked now
 * @param epochsKnown true if the epochs of the replaced file could be read, so that no epoch is given twice; false if
 *     there was no such file, or it could not be read
 */
public record AdoptionReport(
        Path file, String storeId, String formerId, long sequence, int endedClaims, boolean epochsKnown) {}
