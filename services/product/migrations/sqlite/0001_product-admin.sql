CREATE TABLE `product_changes` (
	`id` text PRIMARY KEY NOT NULL,
	`product_id` text NOT NULL,
	`user_id` text NOT NULL,
	`action` text NOT NULL,
	`before` text NOT NULL,
	`after` text NOT NULL,
	`changed_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `product_changes_product` ON `product_changes` (`product_id`,`id`);--> statement-breakpoint
ALTER TABLE `products` ADD `search_text` text;--> statement-breakpoint
ALTER TABLE `products` ADD `sort_name` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `products` ADD `withdrawn_at` integer;