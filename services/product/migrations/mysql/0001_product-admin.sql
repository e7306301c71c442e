CREATE TABLE `product_changes` (
	`id` varchar(36) character set ascii collate ascii_bin NOT NULL,
	`product_id` varchar(36) character set ascii collate ascii_bin NOT NULL,
	`user_id` varchar(36) character set ascii collate ascii_bin NOT NULL,
	`action` varchar(10) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`before` json NOT NULL,
	`after` json NOT NULL,
	`changed_at` datetime(3) NOT NULL,
	CONSTRAINT `product_changes_id` PRIMARY KEY(`id`)
);
--> statement-breakpoint
ALTER TABLE `products` ADD `search_text` text;--> statement-breakpoint
ALTER TABLE `products` ADD `sort_name` varchar(120) character set utf8mb4 collate utf8mb4_bin DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `products` ADD `withdrawn_at` datetime(3);--> statement-breakpoint
CREATE INDEX `product_changes_product` ON `product_changes` (`product_id`,`id`);