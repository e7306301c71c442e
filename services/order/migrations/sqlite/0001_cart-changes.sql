CREATE TABLE `cart_changes` (
	`user_id` text NOT NULL,
	`idempotency_key` text NOT NULL,
	`request_hash` text NOT NULL,
	`outcome` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`user_id`, `idempotency_key`)
);
--> statement-breakpoint
CREATE INDEX `cart_changes_by_age` ON `cart_changes` (`created_at`);--> statement-breakpoint
CREATE TABLE `rate_limits` (
	`key` text PRIMARY KEY NOT NULL,
	`full_at_ms` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `rate_limits_full_at` ON `rate_limits` (`full_at_ms`);--> statement-breakpoint
CREATE INDEX `order_items_by_product` ON `order_items` (`product_id`,`order_id`);--> statement-breakpoint
CREATE INDEX `orders_of_user` ON `orders` (`user_id`,`id`);--> statement-breakpoint
CREATE INDEX `orders_by_status` ON `orders` (`status`,`created_at`);