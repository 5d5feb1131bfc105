-- create "accounts" table
CREATE TABLE `accounts` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `code` text NOT NULL, `kind` text NOT NULL, `organisation_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `accounts_organisations_organisation` FOREIGN KEY (`organisation_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT);
-- create index "accounts_code_key" to table: "accounts"
CREATE UNIQUE INDEX `accounts_code_key` ON `accounts` (`code`);
-- create index "account_organisation_id" to table: "accounts"
CREATE INDEX `account_organisation_id` ON `accounts` (`organisation_id`);
-- create "agreements" table
CREATE TABLE `agreements` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `number` text NOT NULL, `mode` text NOT NULL, `status` text NOT NULL, `clauses` json NOT NULL, `publicised_on` text NOT NULL, `starts_on` text NULL, `ends_on` text NULL, `signed_at` datetime NULL, `agency_id` uuid NOT NULL, `operator_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `agreements_organisations_agency` FOREIGN KEY (`agency_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT, CONSTRAINT `agreements_organisations_operator` FOREIGN KEY (`operator_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT);
-- create index "agreements_number_key" to table: "agreements"
CREATE UNIQUE INDEX `agreements_number_key` ON `agreements` (`number`);
-- create index "agreement_operator_id_id" to table: "agreements"
CREATE INDEX `agreement_operator_id_id` ON `agreements` (`operator_id`, `id`);
-- create index "agreement_agency_id_id" to table: "agreements"
CREATE INDEX `agreement_agency_id_id` ON `agreements` (`agency_id`, `id`);
-- create index "agreement_status_ends_on" to table: "agreements"
CREATE INDEX `agreement_status_ends_on` ON `agreements` (`status`, `ends_on`);
-- create "allocation_rules" table
CREATE TABLE `allocation_rules` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `number` integer NOT NULL, `parts` json NOT NULL, `source_document` text NOT NULL, `product_id` uuid NOT NULL, `person_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `allocation_rules_products_product` FOREIGN KEY (`product_id`) REFERENCES `products` (`id`) ON DELETE RESTRICT, CONSTRAINT `allocation_rules_persons_person` FOREIGN KEY (`person_id`) REFERENCES `persons` (`id`) ON DELETE RESTRICT);
-- create index "allocationrule_product_id_number" to table: "allocation_rules"
CREATE UNIQUE INDEX `allocationrule_product_id_number` ON `allocation_rules` (`product_id`, `number`);
-- create "audit_records" table
CREATE TABLE `audit_records` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `person_id` uuid NULL, `organisation_id` uuid NULL, `action` text NOT NULL, `subject_kind` text NOT NULL, `subject_id` uuid NULL, `change` json NULL, `reason` text NOT NULL DEFAULT (''), `request_id` text NOT NULL DEFAULT (''), PRIMARY KEY (`id`));
-- create index "auditrecord_subject_id_id" to table: "audit_records"
CREATE INDEX `auditrecord_subject_id_id` ON `audit_records` (`subject_id`, `id`);
-- create index "auditrecord_organisation_id_id" to table: "audit_records"
CREATE INDEX `auditrecord_organisation_id_id` ON `audit_records` (`organisation_id`, `id`);
-- create "credentials" table
CREATE TABLE `credentials` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `name` text NOT NULL DEFAULT (''), `secret_hash` text NOT NULL, `hint` text NOT NULL, `status` text NOT NULL, `expires_at` datetime NOT NULL, `revoked_at` datetime NULL, `idempotency_key` text NOT NULL, `entitlement_id` uuid NOT NULL, `person_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `credentials_entitlements_entitlement` FOREIGN KEY (`entitlement_id`) REFERENCES `entitlements` (`id`) ON DELETE RESTRICT, CONSTRAINT `credentials_persons_person` FOREIGN KEY (`person_id`) REFERENCES `persons` (`id`) ON DELETE RESTRICT);
-- create index "credentials_secret_hash_key" to table: "credentials"
CREATE UNIQUE INDEX `credentials_secret_hash_key` ON `credentials` (`secret_hash`);
-- create index "credential_entitlement_id_idempotency_key" to table: "credentials"
CREATE UNIQUE INDEX `credential_entitlement_id_idempotency_key` ON `credentials` (`entitlement_id`, `idempotency_key`);
-- create index "credential_entitlement_id_id" to table: "credentials"
CREATE INDEX `credential_entitlement_id_id` ON `credentials` (`entitlement_id`, `id`);
-- create "data_items" table
CREATE TABLE `data_items` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `position` integer NOT NULL, `name` text NOT NULL, `name_en` text NOT NULL DEFAULT (''), `qualifier` text NOT NULL DEFAULT (''), `masked` bool NOT NULL DEFAULT (false), `grade` text NULL, `linkage` text NULL, `sensitivity` text NULL, `protections` json NOT NULL, `withdrawn` bool NOT NULL DEFAULT (false), `resource_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `data_items_resources_resource` FOREIGN KEY (`resource_id`) REFERENCES `resources` (`id`) ON DELETE RESTRICT);
-- create index "dataitem_resource_id_name" to table: "data_items"
CREATE UNIQUE INDEX `dataitem_resource_id_name` ON `data_items` (`resource_id`, `name`);
-- create index "dataitem_resource_id_position_id" to table: "data_items"
CREATE INDEX `dataitem_resource_id_position_id` ON `data_items` (`resource_id`, `position`, `id`);
-- create "datasets" table
CREATE TABLE `datasets` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `number` integer NOT NULL, `accepted` bool NOT NULL, `row_count` integer NOT NULL, `bytes` integer NOT NULL, `sha256` text NOT NULL, `blob_key` text NOT NULL, `columns` json NOT NULL, `egress` json NOT NULL, `product_id` uuid NOT NULL, `uploader_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `datasets_products_product` FOREIGN KEY (`product_id`) REFERENCES `products` (`id`) ON DELETE RESTRICT, CONSTRAINT `datasets_persons_uploader` FOREIGN KEY (`uploader_id`) REFERENCES `persons` (`id`) ON DELETE RESTRICT);
-- create index "dataset_product_id_number" to table: "datasets"
CREATE UNIQUE INDEX `dataset_product_id_number` ON `datasets` (`product_id`, `number`);
-- create "decisions" table
CREATE TABLE `decisions` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `step` text NOT NULL, `outcome` text NOT NULL, `reason` text NOT NULL, `evidence` json NOT NULL, `proceeding_id` uuid NOT NULL, `organisation_id` uuid NOT NULL, `person_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `decisions_proceedings_proceeding` FOREIGN KEY (`proceeding_id`) REFERENCES `proceedings` (`id`) ON DELETE RESTRICT, CONSTRAINT `decisions_organisations_organisation` FOREIGN KEY (`organisation_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT, CONSTRAINT `decisions_persons_person` FOREIGN KEY (`person_id`) REFERENCES `persons` (`id`) ON DELETE RESTRICT);
-- create index "decision_proceeding_id_step_organisation_id" to table: "decisions"
CREATE UNIQUE INDEX `decision_proceeding_id_step_organisation_id` ON `decisions` (`proceeding_id`, `step`, `organisation_id`);
-- create "documents" table
CREATE TABLE `documents` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `name` text NOT NULL, `media_type` text NOT NULL, `size` integer NOT NULL, `sha256` text NOT NULL, `blob_key` text NOT NULL, `organisation_id` uuid NOT NULL, `uploader_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `documents_organisations_organisation` FOREIGN KEY (`organisation_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT, CONSTRAINT `documents_persons_uploader` FOREIGN KEY (`uploader_id`) REFERENCES `persons` (`id`) ON DELETE RESTRICT);
-- create index "document_organisation_id_id" to table: "documents"
CREATE INDEX `document_organisation_id_id` ON `documents` (`organisation_id`, `id`);
-- create "domains" table
CREATE TABLE `domains` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `name` text NOT NULL, `name_en` text NOT NULL DEFAULT (''), `theme_code` text NOT NULL DEFAULT (''), `industry_authority_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `domains_organisations_industry_authority` FOREIGN KEY (`industry_authority_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT);
-- create index "domains_name_key" to table: "domains"
CREATE UNIQUE INDEX `domains_name_key` ON `domains` (`name`);
-- create "downloads" table
CREATE TABLE `downloads` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `token_hash` text NOT NULL, `purpose` text NOT NULL, `expires_at` datetime NOT NULL, `usage_id` uuid NULL, `entitlement_id` uuid NOT NULL, `credential_id` uuid NOT NULL, `dataset_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `downloads_entitlements_entitlement` FOREIGN KEY (`entitlement_id`) REFERENCES `entitlements` (`id`) ON DELETE RESTRICT, CONSTRAINT `downloads_credentials_credential` FOREIGN KEY (`credential_id`) REFERENCES `credentials` (`id`) ON DELETE RESTRICT, CONSTRAINT `downloads_datasets_dataset` FOREIGN KEY (`dataset_id`) REFERENCES `datasets` (`id`) ON DELETE RESTRICT);
-- create index "downloads_token_hash_key" to table: "downloads"
CREATE UNIQUE INDEX `downloads_token_hash_key` ON `downloads` (`token_hash`);
-- create index "download_entitlement_id_id" to table: "downloads"
CREATE INDEX `download_entitlement_id_id` ON `downloads` (`entitlement_id`, `id`);
-- create index "download_expires_at" to table: "downloads"
CREATE INDEX `download_expires_at` ON `downloads` (`expires_at`);
-- create "entitlements" table
CREATE TABLE `entitlements` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `purpose` text NOT NULL, `scenario` text NOT NULL DEFAULT (''), `status` text NOT NULL, `quota_calls` integer NULL, `quota_bytes` integer NULL, `used_calls` integer NOT NULL DEFAULT (0), `used_bytes` integer NOT NULL DEFAULT (0), `starts_at` datetime NOT NULL, `ends_at` datetime NOT NULL, `organisation_id` uuid NOT NULL, `product_id` uuid NOT NULL, `order_id` uuid NULL, `proceeding_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `entitlements_organisations_organisation` FOREIGN KEY (`organisation_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT, CONSTRAINT `entitlements_products_product` FOREIGN KEY (`product_id`) REFERENCES `products` (`id`) ON DELETE RESTRICT, CONSTRAINT `entitlements_orders_order` FOREIGN KEY (`order_id`) REFERENCES `orders` (`id`) ON DELETE RESTRICT, CONSTRAINT `entitlements_proceedings_proceeding` FOREIGN KEY (`proceeding_id`) REFERENCES `proceedings` (`id`) ON DELETE RESTRICT, CONSTRAINT `entitlement_one_origin` CHECK (order_id IS NULL AND proceeding_id IS NOT NULL OR order_id IS NOT NULL AND proceeding_id IS NULL), CONSTRAINT `entitlement_within_quota` CHECK (NOT (used_calls > quota_calls OR used_bytes > quota_bytes)));
-- create index "entitlement_order_id" to table: "entitlements"
CREATE UNIQUE INDEX `entitlement_order_id` ON `entitlements` (`order_id`);
-- create index "entitlement_proceeding_id" to table: "entitlements"
CREATE UNIQUE INDEX `entitlement_proceeding_id` ON `entitlements` (`proceeding_id`);
-- create index "entitlement_organisation_id_id" to table: "entitlements"
CREATE INDEX `entitlement_organisation_id_id` ON `entitlements` (`organisation_id`, `id`);
-- create index "entitlement_product_id_id" to table: "entitlements"
CREATE INDEX `entitlement_product_id_id` ON `entitlements` (`product_id`, `id`);
-- create "entries" table
CREATE TABLE `entries` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `key` text NOT NULL, `order_id` uuid NOT NULL, `payment_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `entries_orders_order` FOREIGN KEY (`order_id`) REFERENCES `orders` (`id`) ON DELETE RESTRICT, CONSTRAINT `entries_payments_payment` FOREIGN KEY (`payment_id`) REFERENCES `payments` (`id`) ON DELETE RESTRICT);
-- create index "entries_key_key" to table: "entries"
CREATE UNIQUE INDEX `entries_key_key` ON `entries` (`key`);
-- create index "entry_order_id" to table: "entries"
CREATE INDEX `entry_order_id` ON `entries` (`order_id`);
-- create "grants" table
CREATE TABLE `grants` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `status` text NOT NULL, `purposes` json NOT NULL, `starts_on` text NOT NULL, `ends_on` text NOT NULL, `decided_at` datetime NULL, `agreement_id` uuid NOT NULL, `operator_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `grants_agreements_agreement` FOREIGN KEY (`agreement_id`) REFERENCES `agreements` (`id`) ON DELETE RESTRICT, CONSTRAINT `grants_organisations_operator` FOREIGN KEY (`operator_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT);
-- create index "grant_operator_id_id" to table: "grants"
CREATE INDEX `grant_operator_id_id` ON `grants` (`operator_id`, `id`);
-- create index "grant_agreement_id" to table: "grants"
CREATE INDEX `grant_agreement_id` ON `grants` (`agreement_id`);
-- create index "grant_status_ends_on" to table: "grants"
CREATE INDEX `grant_status_ends_on` ON `grants` (`status`, `ends_on`);
-- create "grant_items" table
CREATE TABLE `grant_items` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `grant_id` uuid NOT NULL, `item_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `grant_items_grants_grant` FOREIGN KEY (`grant_id`) REFERENCES `grants` (`id`) ON DELETE RESTRICT, CONSTRAINT `grant_items_data_items_item` FOREIGN KEY (`item_id`) REFERENCES `data_items` (`id`) ON DELETE RESTRICT);
-- create index "grantitem_grant_id_item_id" to table: "grant_items"
CREATE UNIQUE INDEX `grantitem_grant_id_item_id` ON `grant_items` (`grant_id`, `item_id`);
-- create index "grantitem_item_id" to table: "grant_items"
CREATE INDEX `grantitem_item_id` ON `grant_items` (`item_id`);
-- create "invitations" table
CREATE TABLE `invitations` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `email` text NOT NULL, `roles` json NOT NULL, `token_hash` text NOT NULL, `expires_at` datetime NOT NULL, `accepted_at` datetime NULL, `organisation_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `invitations_organisations_organisation` FOREIGN KEY (`organisation_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT);
-- create index "invitations_token_hash_key" to table: "invitations"
CREATE UNIQUE INDEX `invitations_token_hash_key` ON `invitations` (`token_hash`);
-- create index "invitation_organisation_id_id" to table: "invitations"
CREATE INDEX `invitation_organisation_id_id` ON `invitations` (`organisation_id`, `id`);
-- create "memberships" table
CREATE TABLE `memberships` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `roles` json NOT NULL, `person_id` uuid NOT NULL, `organisation_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `memberships_persons_person` FOREIGN KEY (`person_id`) REFERENCES `persons` (`id`) ON DELETE RESTRICT, CONSTRAINT `memberships_organisations_organisation` FOREIGN KEY (`organisation_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT);
-- create index "membership_person_id_organisation_id" to table: "memberships"
CREATE UNIQUE INDEX `membership_person_id_organisation_id` ON `memberships` (`person_id`, `organisation_id`);
-- create index "membership_organisation_id_id" to table: "memberships"
CREATE INDEX `membership_organisation_id_id` ON `memberships` (`organisation_id`, `id`);
-- create "orders" table
CREATE TABLE `orders` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `status` text NOT NULL, `purpose` text NOT NULL, `quantity` integer NOT NULL, `net_fen` integer NOT NULL, `vat_fen` integer NOT NULL, `total_fen` integer NOT NULL, `terms` json NOT NULL, `idempotency_key` text NOT NULL, `request_hash` text NOT NULL, `paid_at` datetime NULL, `cancelled_at` datetime NULL, `buyer_id` uuid NOT NULL, `product_id` uuid NOT NULL, `plan_id` uuid NOT NULL, `person_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `orders_organisations_buyer` FOREIGN KEY (`buyer_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT, CONSTRAINT `orders_products_product` FOREIGN KEY (`product_id`) REFERENCES `products` (`id`) ON DELETE RESTRICT, CONSTRAINT `orders_plans_plan` FOREIGN KEY (`plan_id`) REFERENCES `plans` (`id`) ON DELETE RESTRICT, CONSTRAINT `orders_persons_person` FOREIGN KEY (`person_id`) REFERENCES `persons` (`id`) ON DELETE RESTRICT, CONSTRAINT `order_amounts_add_up` CHECK (net_fen >= 0 AND vat_fen >= 0 AND total_fen = net_fen + vat_fen), CONSTRAINT `order_quantity_positive` CHECK (quantity > 0));
-- create index "order_buyer_id_idempotency_key" to table: "orders"
CREATE UNIQUE INDEX `order_buyer_id_idempotency_key` ON `orders` (`buyer_id`, `idempotency_key`);
-- create index "order_buyer_id_id" to table: "orders"
CREATE INDEX `order_buyer_id_id` ON `orders` (`buyer_id`, `id`);
-- create index "order_product_id_id" to table: "orders"
CREATE INDEX `order_product_id_id` ON `orders` (`product_id`, `id`);
-- create index "order_plan_id" to table: "orders"
CREATE INDEX `order_plan_id` ON `orders` (`plan_id`);
-- create "organisations" table
CREATE TABLE `organisations` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `name` text NOT NULL, `name_en` text NOT NULL DEFAULT (''), `credit_code` text NULL, `legal_form` text NOT NULL, `status` text NOT NULL, `synthetic` bool NOT NULL DEFAULT (false), PRIMARY KEY (`id`));
-- create index "organisations_credit_code_key" to table: "organisations"
CREATE UNIQUE INDEX `organisations_credit_code_key` ON `organisations` (`credit_code`);
-- create index "organisation_name" to table: "organisations"
CREATE INDEX `organisation_name` ON `organisations` (`name`);
-- create index "organisation_status_id" to table: "organisations"
CREATE INDEX `organisation_status_id` ON `organisations` (`status`, `id`);
-- create "parties" table
CREATE TABLE `parties` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `kind` text NOT NULL, `organisation_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `parties_organisations_organisation` FOREIGN KEY (`organisation_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT);
-- create index "party_organisation_id_kind" to table: "parties"
CREATE UNIQUE INDEX `party_organisation_id_kind` ON `parties` (`organisation_id`, `kind`);
-- create index "party_kind_organisation_id" to table: "parties"
CREATE INDEX `party_kind_organisation_id` ON `parties` (`kind`, `organisation_id`);
-- create "payments" table
CREATE TABLE `payments` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `provider` text NOT NULL, `state` text NOT NULL, `reference` text NOT NULL DEFAULT (''), `amount_fen` integer NOT NULL, `idempotency_key` text NOT NULL, `settled_at` datetime NULL, `order_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `payments_orders_order` FOREIGN KEY (`order_id`) REFERENCES `orders` (`id`) ON DELETE RESTRICT);
-- create index "payment_order_id_idempotency_key" to table: "payments"
CREATE UNIQUE INDEX `payment_order_id_idempotency_key` ON `payments` (`order_id`, `idempotency_key`);
-- create index "payment_state_id" to table: "payments"
CREATE INDEX `payment_state_id` ON `payments` (`state`, `id`);
-- create "persons" table
CREATE TABLE `persons` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `email` text NOT NULL, `display_name` text NOT NULL, `password_hash` text NOT NULL, `disabled_at` datetime NULL, PRIMARY KEY (`id`));
-- create index "persons_email_key" to table: "persons"
CREATE UNIQUE INDEX `persons_email_key` ON `persons` (`email`);
-- create "plans" table
CREATE TABLE `plans` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `position` integer NOT NULL, `name` text NOT NULL, `name_en` text NOT NULL DEFAULT (''), `mode` text NOT NULL, `settlement` text NOT NULL, `tariff` json NOT NULL, `term_months` integer NOT NULL, `trial` bool NOT NULL, `withdrawn_at` datetime NULL, `product_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `plans_products_product` FOREIGN KEY (`product_id`) REFERENCES `products` (`id`) ON DELETE RESTRICT);
-- create index "plan_product_id_position_id" to table: "plans"
CREATE INDEX `plan_product_id_position_id` ON `plans` (`product_id`, `position`, `id`);
-- create "policy_rows" table
CREATE TABLE `policy_rows` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `kind` text NOT NULL, `effective_from` text NOT NULL, `value` json NOT NULL, `source_document` text NOT NULL, PRIMARY KEY (`id`));
-- create index "policyrow_kind_effective_from" to table: "policy_rows"
CREATE UNIQUE INDEX `policyrow_kind_effective_from` ON `policy_rows` (`kind`, `effective_from`);
-- create "postings" table
CREATE TABLE `postings` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `position` integer NOT NULL, `amount_fen` integer NOT NULL, `channel` text NULL, `basis` text NOT NULL DEFAULT (''), `entry_id` uuid NOT NULL, `from_account_id` uuid NOT NULL, `to_account_id` uuid NOT NULL, `contributor_id` uuid NULL, `product_id` uuid NULL, `allocation_rule_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `postings_entries_entry` FOREIGN KEY (`entry_id`) REFERENCES `entries` (`id`) ON DELETE RESTRICT, CONSTRAINT `postings_accounts_from_account` FOREIGN KEY (`from_account_id`) REFERENCES `accounts` (`id`) ON DELETE RESTRICT, CONSTRAINT `postings_accounts_to_account` FOREIGN KEY (`to_account_id`) REFERENCES `accounts` (`id`) ON DELETE RESTRICT, CONSTRAINT `postings_organisations_contributor` FOREIGN KEY (`contributor_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT, CONSTRAINT `postings_products_product` FOREIGN KEY (`product_id`) REFERENCES `products` (`id`) ON DELETE RESTRICT, CONSTRAINT `postings_allocation_rules_allocation_rule` FOREIGN KEY (`allocation_rule_id`) REFERENCES `allocation_rules` (`id`) ON DELETE RESTRICT, CONSTRAINT `posting_amount_positive` CHECK (amount_fen > 0), CONSTRAINT `posting_between_accounts` CHECK (from_account_id <> to_account_id));
-- create index "posting_entry_id_position" to table: "postings"
CREATE UNIQUE INDEX `posting_entry_id_position` ON `postings` (`entry_id`, `position`);
-- create index "posting_from_account_id_id" to table: "postings"
CREATE INDEX `posting_from_account_id_id` ON `postings` (`from_account_id`, `id`);
-- create index "posting_to_account_id_id" to table: "postings"
CREATE INDEX `posting_to_account_id_id` ON `postings` (`to_account_id`, `id`);
-- create index "posting_contributor_id_created_at" to table: "postings"
CREATE INDEX `posting_contributor_id_created_at` ON `postings` (`contributor_id`, `created_at`);
-- create index "posting_product_id_created_at" to table: "postings"
CREATE INDEX `posting_product_id_created_at` ON `postings` (`product_id`, `created_at`);
-- create "price_caps" table
CREATE TABLE `price_caps` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `mode` text NOT NULL, `rate` text NOT NULL, `period_months` integer NOT NULL DEFAULT (0), `effective_from` text NOT NULL, `source_document` text NOT NULL, `reason` text NOT NULL, `product_id` uuid NOT NULL, `authority_id` uuid NOT NULL, `person_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `price_caps_products_product` FOREIGN KEY (`product_id`) REFERENCES `products` (`id`) ON DELETE RESTRICT, CONSTRAINT `price_caps_organisations_authority` FOREIGN KEY (`authority_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT, CONSTRAINT `price_caps_persons_person` FOREIGN KEY (`person_id`) REFERENCES `persons` (`id`) ON DELETE RESTRICT);
-- create index "pricecap_product_id_mode_period_months_effective_from" to table: "price_caps"
CREATE UNIQUE INDEX `pricecap_product_id_mode_period_months_effective_from` ON `price_caps` (`product_id`, `mode`, `period_months`, `effective_from`);
-- create "proceedings" table
CREATE TABLE `proceedings` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `kind` text NOT NULL, `state` text NOT NULL, `subject_id` uuid NOT NULL, `subject_name` text NOT NULL, `application` json NOT NULL, `evidence` json NOT NULL, `due_on` text NULL, `calendar_missing` bool NOT NULL DEFAULT (false), `ended_at` datetime NULL, `idempotency_key` text NULL, `request_hash` text NOT NULL DEFAULT (''), `applicant_id` uuid NOT NULL, `submitter_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `proceedings_organisations_applicant` FOREIGN KEY (`applicant_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT, CONSTRAINT `proceedings_persons_submitter` FOREIGN KEY (`submitter_id`) REFERENCES `persons` (`id`) ON DELETE RESTRICT);
-- create index "proceeding_applicant_id_idempotency_key" to table: "proceedings"
CREATE UNIQUE INDEX `proceeding_applicant_id_idempotency_key` ON `proceedings` (`applicant_id`, `idempotency_key`);
-- create index "proceeding_applicant_id_id" to table: "proceedings"
CREATE INDEX `proceeding_applicant_id_id` ON `proceedings` (`applicant_id`, `id`);
-- create index "proceeding_subject_id_id" to table: "proceedings"
CREATE INDEX `proceeding_subject_id_id` ON `proceedings` (`subject_id`, `id`);
-- create index "proceeding_state_due_on_id" to table: "proceedings"
CREATE INDEX `proceeding_state_due_on_id` ON `proceedings` (`state`, `due_on`, `id`);
-- create "products" table
CREATE TABLE `products` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `name` text NOT NULL, `name_en` text NOT NULL DEFAULT (''), `description` text NOT NULL DEFAULT (''), `description_en` text NOT NULL DEFAULT (''), `status` text NOT NULL, `delivery` text NOT NULL, `update_frequency` text NULL, `aggregate` bool NOT NULL DEFAULT (false), `dictionary` json NOT NULL, `sample` json NOT NULL, `social_inputs` json NOT NULL, `content_number` integer NOT NULL DEFAULT (1), `identifier` text NOT NULL, `registration_code` text NULL, `registration_document_id` uuid NULL, `registered_on` text NULL, `registration_expires_on` text NULL, `reviewed_at` datetime NULL, `listed_at` datetime NULL, `first_listed_at` datetime NULL, `suspension_code` text NOT NULL DEFAULT (''), `dataset_id` uuid NULL, `synthetic` bool NOT NULL DEFAULT (false), `operator_id` uuid NOT NULL, `domain_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `products_organisations_operator` FOREIGN KEY (`operator_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT, CONSTRAINT `products_domains_domain` FOREIGN KEY (`domain_id`) REFERENCES `domains` (`id`) ON DELETE RESTRICT);
-- create index "products_identifier_key" to table: "products"
CREATE UNIQUE INDEX `products_identifier_key` ON `products` (`identifier`);
-- create index "product_operator_id_id" to table: "products"
CREATE INDEX `product_operator_id_id` ON `products` (`operator_id`, `id`);
-- create index "product_status_id" to table: "products"
CREATE INDEX `product_status_id` ON `products` (`status`, `id`);
-- create index "product_domain_id_id" to table: "products"
CREATE INDEX `product_domain_id_id` ON `products` (`domain_id`, `id`);
-- create "product_inputs" table
CREATE TABLE `product_inputs` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `product_id` uuid NOT NULL, `item_id` uuid NOT NULL, `resource_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `product_inputs_products_product` FOREIGN KEY (`product_id`) REFERENCES `products` (`id`) ON DELETE RESTRICT, CONSTRAINT `product_inputs_data_items_item` FOREIGN KEY (`item_id`) REFERENCES `data_items` (`id`) ON DELETE RESTRICT, CONSTRAINT `product_inputs_resources_resource` FOREIGN KEY (`resource_id`) REFERENCES `resources` (`id`) ON DELETE RESTRICT);
-- create index "productinput_product_id_item_id" to table: "product_inputs"
CREATE UNIQUE INDEX `productinput_product_id_item_id` ON `product_inputs` (`product_id`, `item_id`);
-- create index "productinput_item_id" to table: "product_inputs"
CREATE INDEX `productinput_item_id` ON `product_inputs` (`item_id`);
-- create index "productinput_resource_id_product_id" to table: "product_inputs"
CREATE INDEX `productinput_resource_id_product_id` ON `product_inputs` (`resource_id`, `product_id`);
-- create "requirements" table
CREATE TABLE `requirements` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `step` text NOT NULL, `open` bool NOT NULL DEFAULT (true), `proceeding_id` uuid NOT NULL, `organisation_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `requirements_proceedings_proceeding` FOREIGN KEY (`proceeding_id`) REFERENCES `proceedings` (`id`) ON DELETE RESTRICT, CONSTRAINT `requirements_organisations_organisation` FOREIGN KEY (`organisation_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT);
-- create index "requirement_proceeding_id_step_organisation_id" to table: "requirements"
CREATE UNIQUE INDEX `requirement_proceeding_id_step_organisation_id` ON `requirements` (`proceeding_id`, `step`, `organisation_id`);
-- create index "requirement_organisation_id_open_proceeding_id" to table: "requirements"
CREATE INDEX `requirement_organisation_id_open_proceeding_id` ON `requirements` (`organisation_id`, `open`, `proceeding_id`);
-- create "resources" table
CREATE TABLE `resources` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `version` integer NOT NULL DEFAULT (1), `name` text NOT NULL, `name_en` text NOT NULL DEFAULT (''), `note` text NOT NULL DEFAULT (''), `update_cycle` text NOT NULL, `update_frequency` text NULL, `provision` json NOT NULL, `status` text NOT NULL, `content_number` integer NOT NULL DEFAULT (1), `registered_by` uuid NULL, `published_at` datetime NULL, `source_unit_id` uuid NOT NULL, `domain_id` uuid NOT NULL, `batch_id` uuid NULL, PRIMARY KEY (`id`), CONSTRAINT `resources_organisations_source_unit` FOREIGN KEY (`source_unit_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT, CONSTRAINT `resources_domains_domain` FOREIGN KEY (`domain_id`) REFERENCES `domains` (`id`) ON DELETE RESTRICT, CONSTRAINT `resources_resource_batches_batch` FOREIGN KEY (`batch_id`) REFERENCES `resource_batches` (`id`) ON DELETE RESTRICT);
-- create index "resource_source_unit_id_name" to table: "resources"
CREATE UNIQUE INDEX `resource_source_unit_id_name` ON `resources` (`source_unit_id`, `name`);
-- create index "resource_domain_id_id" to table: "resources"
CREATE INDEX `resource_domain_id_id` ON `resources` (`domain_id`, `id`);
-- create index "resource_status_id" to table: "resources"
CREATE INDEX `resource_status_id` ON `resources` (`status`, `id`);
-- create index "resource_batch_id" to table: "resources"
CREATE INDEX `resource_batch_id` ON `resources` (`batch_id`);
-- create "resource_batches" table
CREATE TABLE `resource_batches` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `title` text NOT NULL, `source_document` text NOT NULL, `agency_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `resource_batches_organisations_agency` FOREIGN KEY (`agency_id`) REFERENCES `organisations` (`id`) ON DELETE RESTRICT);
-- create "resource_versions" table
CREATE TABLE `resource_versions` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `number` integer NOT NULL, `content` json NOT NULL, `source_document` text NOT NULL, `resource_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `resource_versions_resources_resource` FOREIGN KEY (`resource_id`) REFERENCES `resources` (`id`) ON DELETE RESTRICT);
-- create index "resourceversion_resource_id_number" to table: "resource_versions"
CREATE UNIQUE INDEX `resourceversion_resource_id_number` ON `resource_versions` (`resource_id`, `number`);
-- create "sessions" table
CREATE TABLE `sessions` (`id` text NOT NULL, `data` blob NOT NULL, `expires_at` datetime NOT NULL, PRIMARY KEY (`id`));
-- create index "session_expires_at" to table: "sessions"
CREATE INDEX `session_expires_at` ON `sessions` (`expires_at`);
-- create "usages" table
CREATE TABLE `usages` (`id` uuid NOT NULL, `created_at` datetime NOT NULL, `idempotency_key` text NOT NULL, `request_hash` text NOT NULL, `kind` text NOT NULL, `purpose` text NOT NULL, `row_count` integer NOT NULL, `bytes` integer NOT NULL, `entitlement_id` uuid NOT NULL, `credential_id` uuid NOT NULL, `product_id` uuid NOT NULL, `dataset_id` uuid NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `usages_entitlements_entitlement` FOREIGN KEY (`entitlement_id`) REFERENCES `entitlements` (`id`) ON DELETE RESTRICT, CONSTRAINT `usages_credentials_credential` FOREIGN KEY (`credential_id`) REFERENCES `credentials` (`id`) ON DELETE RESTRICT, CONSTRAINT `usages_products_product` FOREIGN KEY (`product_id`) REFERENCES `products` (`id`) ON DELETE RESTRICT, CONSTRAINT `usages_datasets_dataset` FOREIGN KEY (`dataset_id`) REFERENCES `datasets` (`id`) ON DELETE RESTRICT);
-- create index "usage_entitlement_id_idempotency_key" to table: "usages"
CREATE UNIQUE INDEX `usage_entitlement_id_idempotency_key` ON `usages` (`entitlement_id`, `idempotency_key`);
-- create index "usage_product_id_id" to table: "usages"
CREATE INDEX `usage_product_id_id` ON `usages` (`product_id`, `id`);
-- create index "usage_entitlement_id_id" to table: "usages"
CREATE INDEX `usage_entitlement_id_id` ON `usages` (`entitlement_id`, `id`);
