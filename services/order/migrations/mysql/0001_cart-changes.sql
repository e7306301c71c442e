CREATE TABLE `cart_changes` (
	`user_id` varchar(36) character set ascii collate ascii_bin NOT NULL,
	`idempotency_key` varchar(100) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`request_hash` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`outcome` json NOT NULL,
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `cart_changes_user_id_idempotency_key_pk` PRIMARY KEY(`user_id`,`idempotency_key`)
);
--> statement-breakpoint
CREATE TABLE `rate_limits` (
	`key` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`full_at_ms` bigint NOT NULL,
	CONSTRAINT `rate_limits_key` PRIMARY KEY(`key`)
);
--> statement-breakpoint
CREATE INDEX `cart_changes_by_age` ON `cart_changes` (`created_at`);--> statement-breakpoint
CREATE INDEX `rate_limits_full_at` ON `rate_limits` (`full_at_ms`);--> statement-breakpoint
CREATE INDEX `order_items_by_product` ON `order_items` (`product_id`,`order_id`);--> statement-breakpoint
CREATE INDEX `orders_of_user` ON `orders` (`user_id`,`id`);--> statement-breakpoint
CREATE INDEX `orders_by_status` ON `orders` (`status`,`created_at`);