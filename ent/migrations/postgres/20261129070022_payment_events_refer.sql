-- modify "payment_events" table
ALTER TABLE "payment_events" ADD COLUMN "refers" character varying NOT NULL DEFAULT '';
