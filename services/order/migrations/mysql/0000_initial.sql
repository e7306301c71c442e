CREATE TABLE `cart_items` (
	`cart_id` varchar(36) character set ascii collate ascii_bin NOT NULL,
	`product_id` varchar(36) character set ascii collate ascii_bin NOT NULL,
	`slug` varchar(80) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`name` varchar(120) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`image` varchar(200) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`unit_price_cents` bigint NOT NULL,
	`quantity` int NOT NULL,
	`added_at` datetime(3) NOT NULL,
	CONSTRAINT `cart_items_cart_id_product_id_pk` PRIMARY KEY(`cart_id`,`product_id`)
);
--> statement-breakpoint
CREATE TABLE `carts` (
	`id` varchar(36) character set ascii collate ascii_bin NOT NULL,
	`user_id` varchar(36) character set ascii collate ascii_bin NOT NULL,
	`open_user_id` varchar(36) character set ascii collate ascii_bin,
	`created_at` datetime(3) NOT NULL,
	CONSTRAINT `carts_id` PRIMARY KEY(`id`),
	CONSTRAINT `carts_openUserId_unique` UNIQUE(`open_user_id`)
);
--> statement-breakpoint
CREATE TABLE `order_items` (
	`order_id` varchar(36) character set ascii collate ascii_bin NOT NULL,
	`position` int NOT NULL,
	`product_id` varchar(36) character set ascii collate ascii_bin NOT NULL,
	`slug` varchar(80) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`name` varchar(120) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`image` varchar(200) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`unit_price_cents` bigint NOT NULL,
	`quantity` int NOT NULL,
	CONSTRAINT `order_items_order_id_position_pk` PRIMARY KEY(`order_id`,`position`)
);
--> statement-breakpoint
CREATE TABLE `orders` (
	`id` varchar(36) character set ascii collate ascii_bin NOT NULL,
	`user_id` varchar(36) character set ascii collate ascii_bin NOT NULL,
	`cart_id` varchar(36) character set ascii collate ascii_bin NOT NULL,
	`idempotency_key` varchar(100) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`request_hash` varchar(64) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`status` varchar(10) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`total_cents` bigint NOT NULL,
	`refusal` json,
	`created_at` datetime(3) NOT NULL,
	`settled_at` datetime(3),
	CONSTRAINT `orders_id` PRIMARY KEY(`id`),
	CONSTRAINT `orders_cartId_unique` UNIQUE(`cart_id`),
	CONSTRAINT `orders_user_key` UNIQUE(`user_id`,`idempotency_key`)
);
--> statement-breakpoint
ALTER TABLE `cart_items` ADD CONSTRAINT `cart_items_cart_id_carts_id_fk` FOREIGN KEY (`cart_id`) REFERENCES `carts`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `order_items` ADD CONSTRAINT `order_items_order_id_orders_id_fk` FOREIGN KEY (`order_id`) REFERENCES `orders`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE `orders` ADD CONSTRAINT `orders_cart_id_carts_id_fk` FOREIGN KEY (`cart_id`) REFERENCES `carts`(`id`) ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX `orders_unsettled` ON `orders` (`settled_at`,`created_at`);