CREATE TABLE `rate_limits` (
	`key` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`full_at_ms` bigint NOT NULL,
	CONSTRAINT `rate_limits_key` PRIMARY KEY(`key`)
);
--> statement-breakpoint
ALTER TABLE `users` ADD `registration_key` varchar(100) character set utf8mb4 collate utf8mb4_bin;--> statement-breakpoint
ALTER TABLE `users` ADD CONSTRAINT `users_registrationKey_unique` UNIQUE(`registration_key`);--> statement-breakpoint
CREATE INDEX `rate_limits_full_at` ON `rate_limits` (`full_at_ms`);--> statement-breakpoint
CREATE INDEX `tokens_last_used_at` ON `tokens` (`last_used_at`);