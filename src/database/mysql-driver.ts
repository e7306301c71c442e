// Imported dynamically, for MySQL only: the driver takes 5 MB of memory.
export { drizzle } from 'drizzle-orm/mysql2'
export { migrate } from 'drizzle-orm/mysql2/migrator'
export { createConnection, createPool } from 'mysql2/promise'
