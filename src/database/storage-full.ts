import { driverError } from './unavailable'

// SQLite, MySQL and MariaDB: no room on the disk, in the table's files or in the quota of the database.
const codes = /^(SQLITE_FULL|ER_(DISK_FULL|DISK_FULL_NOWAIT|RECORD_FILE_FULL|ERROR_ON_WRITE))$/

/** Whether the database could not write because its disk is full. It still reads, and writes again when there is room. */
export const isStorageFull = (error: unknown): boolean => codes.test(String(driverError(error).code))
