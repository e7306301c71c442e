CREATE TABLE `rate_limits` (
	`key` text PRIMARY KEY NOT NULL,
	`full_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `rate_limits_full_at` ON `rate_limits` (`full_at_ms`);--> statement-breakpoint
ALTER TABLE `users` ADD `registration_key` text;--> statement-breakpoint
CREATE UNIQUE INDEX `users_registrationKey_unique` ON `users` (`registration_key`);--> statement-breakpoint
CREATE INDEX `tokens_last_used_at` ON `tokens` (`last_used_at`);