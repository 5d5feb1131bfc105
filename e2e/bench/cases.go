package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
)

// benchCase is one thing that people do. One do is one request, but for an order, which is two.
type benchCase struct {
	name string
	// signedIn says that buyers ask; otherwise it is nobody in particular.
	signedIn bool
	do       func(ctx context.Context, w *world, c *connection, r *rand.Rand) error
}

// cases are measured in this order: those that write come last.
func (w *world) cases() []benchCase {
	return []benchCase{
		{"list", false, list},
		{"deep page", false, deepPage},
		{"detail", false, detail},
		{"search with facets", false, search},
		{"order history", true, history},
		{"order and pay", true, order},
		{"90 reads, 10 orders", true, mix},
	}
}

// card is what a client shows of a product in a list.
const card = `
fragment card on Product {
  id name nameEn description delivery updateFrequency listedAt
  operator { id name } domain { id name nameEn }
  plans { id name mode trial headline { amount units from } }
  resources { id name sourceUnit { id name } }
}`

const listDocument = `query List($domain: ID!, $after: String) {
  products(filter: {domainIds: [$domain]}, orderBy: NEWEST, first: 20, after: $after) { edges { cursor node { ...card } } pageInfo { hasNextPage endCursor } }
}` + card

// list is one of the first pages of a domain, newest first.
func list(ctx context.Context, w *world, c *connection, r *rand.Rand) error {
	d := pick(r, w.domains)
	_, err := c.post(ctx, listDocument, variables{"domain": d.id, "after": pick(r, d.pages)}, `"node":{"id"`)
	return err
}

const deepDocument = `query Deep($after: String) {
  products(orderBy: NEWEST, first: 20, after: $after) { edges { cursor node { ...card } } pageInfo { hasNextPage endCursor } }
}` + card

// deepPage is a page of the whole catalogue, newest first, behind some thousand products.
func deepPage(ctx context.Context, w *world, c *connection, r *rand.Rand) error {
	_, err := c.post(ctx, deepDocument, variables{"after": pick(r, w.deep)}, `"node":{"id"`)
	return err
}

const detailDocument = `query Detail($id: ID!) {
  product(id: $id) {
    ...card
    descriptionEn aggregate identifier registrationCode registrationExpiresOn sample canList synthetic
    dictionary { name label labelEn type unit description sensitivity required filterable }
    items { id name nameEn }
    caps { id mode rate effectiveOn authority { id name } sourceDocument }
    dataset { id number rowCount egress { environment tau maxTheta risk reason } }
  }
}` + card

// detail is one product of all.
func detail(ctx context.Context, w *world, c *connection, r *rand.Rand) error {
	_, err := c.post(ctx, detailDocument, variables{"id": pick(r, w.products).id}, `"product":{"id"`)
	return err
}

const searchDocument = `query Search($text: String!) {
  products(query: $text, first: 20) {
    totalCount edges { cursor node { ...card } } pageInfo { hasNextPage endCursor }
    facets { name values { value label labelEn count } }
  }
}` + card

// search asks for two to four characters from the name of a product, so that something is found.
func search(ctx context.Context, w *world, c *connection, r *rand.Rand) error {
	_, err := c.post(ctx, searchDocument, variables{"text": words(r, pick(r, w.products).name)}, `"node":{"id"`)
	return err
}

const historyDocument = `query History($after: String) {
  orders(first: 20, after: $after) {
    edges { cursor node {
      id status purpose quantity createdAt paidAt canPay canCancel total { amount currency }
      product { id name } entitlement { id status usable usedCalls quotaCalls endsAt }
      terms { productName planName termMonths quotation { lines { quantity rate amount { amount } } } }
    } }
    pageInfo { hasNextPage endCursor }
  }
}`

// history is a page of the buyer's own purchases; in a small market some bought nothing, which is an answer too.
func history(ctx context.Context, _ *world, c *connection, r *rand.Rand) error {
	_, err := c.post(ctx, historyDocument, variables{"after": pick(r, c.buyer.pages)}, `"orders":{"edges":[`)
	return err
}

const placeDocument = `mutation Place($input: OrderPlaceInput!) {
  orderPlace(input: $input) { order { id status total { amount currency } canPay } errors { code field message } }
}`

const payDocument = `mutation Pay($id: ID!, $input: OrderPayInput!) {
  orderPay(id: $id, input: $input) { order { id status } payment { id state } entitlement { id status endsAt quotaCalls } errors { code field message } }
}`

// order places an order and pays it, each in a request of its own.
func order(ctx context.Context, w *world, c *connection, r *rand.Rand) error {
	o := pick(r, w.offers)
	key := w.key()
	body, err := c.post(ctx, placeDocument, variables{"input": variables{
		"productId": o.product, "planId": o.plan, "purpose": "INDUSTRY", "quantity": o.quantity(r), "licenceVersion": w.licence, "idempotencyKey": "place-" + key,
	}}, `"canPay":`)
	if err != nil {
		return err
	}
	var placed struct {
		Data struct {
			OrderPlace struct{ Order struct{ ID, Status string } }
		}
	}
	if err := json.Unmarshal(body, &placed); err != nil {
		return fmt.Errorf("orderPlace: %w", err)
	}
	switch status := placed.Data.OrderPlace.Order.Status; status {
	case "PLACED":
	case "PAID": // so little of a low price that it comes to nothing
		return nil
	default:
		return fmt.Errorf("orderPlace: the order is %q", status)
	}
	_, err = c.post(ctx, payDocument, variables{
		"id": placed.Data.OrderPlace.Order.ID, "input": variables{"provider": "test", "idempotencyKey": "pay-" + key},
	}, `"status":"PAID"`)
	return err
}

// mix is nine reads of ten, of all kinds alike, and an order of ten.
func mix(ctx context.Context, w *world, c *connection, r *rand.Rand) error {
	if r.IntN(10) == 0 {
		return order(ctx, w, c, r)
	}
	reads := [...]func(context.Context, *world, *connection, *rand.Rand) error{list, deepPage, detail, search, history}
	return reads[r.IntN(len(reads))](ctx, w, c, r)
}
