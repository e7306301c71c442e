// Imported only where a service is on MySQL: it takes 5 MB, which three services on SQLite need not have.
export { drizzle } from 'drizzle-orm/mysql2'
export { migrate } from 'drizzle-orm/mysql2/migrator'
export { createConnection, createPool } from 'mysql2/promise'
