CREATE TABLE `products` (
	`id` varchar(36) character set ascii collate ascii_bin NOT NULL,
	`slug` varchar(80) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`name` varchar(120) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`description` text NOT NULL,
	`price_cents` bigint NOT NULL,
	`image` varchar(200) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`stock` int NOT NULL,
	CONSTRAINT `products_id` PRIMARY KEY(`id`),
	CONSTRAINT `products_slug_unique` UNIQUE(`slug`)
);
--> statement-breakpoint
CREATE TABLE `reservations` (
	`order_id` varchar(36) character set ascii collate ascii_bin NOT NULL,
	`status` varchar(10) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`items` json NOT NULL,
	`created_at` datetime(3) NOT NULL,
	`settled_at` datetime(3),
	CONSTRAINT `reservations_order_id` PRIMARY KEY(`order_id`)
);
