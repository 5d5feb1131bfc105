// Package storetest lays a small market for tests: organisations, people, and products that are listed with plans, an
// allocation rule and data. It writes rows as the system does; which rules let them come about is not asked here.
package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/govalues/decimal"

	"gongshu/ent/db"
	"gongshu/ent/db/party"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/blob"
	"gongshu/internal/dataset"
	"gongshu/internal/dictionary"
	"gongshu/internal/outputcontrol"
	"gongshu/internal/store"
	"gongshu/pricing"
)

// Shop is a market with an agency, an operator, contributors and two buyers.
type Shop struct {
	Store *store.Store
	Blobs *blob.Store
	// Organ is an administrative organ, whose share goes to the treasury.
	Agency, Operator, Organ, Vendor, Buyer, Other uuid.UUID
	domain                                        uuid.UUID
	uploader                                      uuid.UUID
	names                                         int
}

// Lay lays a shop in an empty market that is migrated; its data lies in a folder of the test's.
func Lay(t testing.TB, s *store.Store) *Shop {
	t.Helper()
	blobs, err := blob.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { blobs.Close() })
	shop := &Shop{Store: s, Blobs: blobs}
	shop.Agency = shop.Organisation(t, access.AdministrativeOrgan, access.ImplementingAgency)
	shop.Operator = shop.Organisation(t, access.Enterprise, access.Operator)
	shop.Organ = shop.Organisation(t, access.AdministrativeOrgan, access.SourceUnit)
	shop.Vendor = shop.Organisation(t, access.Enterprise, access.DataVendor)
	shop.Buyer = shop.Organisation(t, access.Enterprise, access.Buyer)
	shop.Other = shop.Organisation(t, access.Enterprise, access.Buyer)
	shop.uploader = access.FromContext(shop.Person(t, shop.Operator, access.Publisher)).PersonID
	shop.tx(t, func(ctx context.Context, tx *store.Tx) error {
		d, err := tx.Domain.Create().SetCreatedAt(tx.Now()).SetName("气象").Save(ctx)
		if err == nil {
			shop.domain = d.ID
		}
		return err
	})
	return shop
}

func (s *Shop) tx(t testing.TB, do func(ctx context.Context, tx *store.Tx) error) {
	t.Helper()
	if err := s.Store.InTx(store.AsSystem(context.Background()), do); err != nil {
		t.Fatal(err)
	}
}

// Organisation lays a verified organisation.
func (s *Shop) Organisation(t testing.TB, form access.LegalForm, parties ...access.Party) (id uuid.UUID) {
	t.Helper()
	s.names++
	s.tx(t, func(ctx context.Context, tx *store.Tx) error {
		o, err := tx.Organisation.Create().SetCreatedAt(tx.Now()).SetName(fmt.Sprintf("Shop %d", s.names)).
			SetLegalForm(form).SetStatus(access.OrganisationVerified).Save(ctx)
		if err != nil {
			return err
		}
		id = o.ID
		for _, p := range parties {
			if err := tx.Party.Create().SetCreatedAt(tx.Now()).SetOrganisationID(id).SetKind(p).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	return id
}

// Person lays a member of an organisation and returns a context in which it acts.
func (s *Shop) Person(t testing.TB, organisation uuid.UUID, roles ...access.Role) context.Context {
	t.Helper()
	s.names++
	v := access.Viewer{OrganisationID: organisation, Verified: true, Roles: roles}
	s.tx(t, func(ctx context.Context, tx *store.Tx) error {
		p, err := tx.Person.Create().SetCreatedAt(tx.Now()).SetEmail(fmt.Sprintf("shop%d@test.example", s.names)).
			SetDisplayName("Test").SetPasswordHash("-").Save(ctx)
		if err != nil {
			return err
		}
		v.PersonID = p.ID
		return tx.Party.Query().Where(party.OrganisationID(organisation)).Select(party.FieldKind).Scan(ctx, &v.Parties)
	})
	return access.With(context.Background(), v)
}

// Document lays a piece of evidence of the person who acts.
func (s *Shop) Document(t testing.TB, as context.Context) (id uuid.UUID) {
	t.Helper()
	v := access.FromContext(as)
	s.tx(t, func(ctx context.Context, tx *store.Tx) error {
		d, err := tx.Document.Create().SetCreatedAt(tx.Now()).SetOrganisationID(v.OrganisationID).SetUploaderID(v.PersonID).SetName("a.pdf").
			SetMediaType("application/pdf").SetSize(1).SetSha256("-").SetBlobKey("documents/" + uuid.NewString()).Save(ctx)
		if err == nil {
			id = d.ID
		}
		return err
	})
	return id
}

// Product is a product on the market with a plan for each way of charging, all at trial prices.
type Product struct {
	ID, DatasetID                  uuid.UUID
	PerCall, PerVolume, PerPeriod  uuid.UUID
	PerProduct, Gratis, Allocation uuid.UUID
	// Columns of its data: station is TEXT and filterable, day a DATE and not, rain a DECIMAL and filterable.
	Columns []dictionary.Column
}

var columns = []dictionary.Column{
	{Name: "station", Label: "站", Type: dictionary.Text, Description: "station", Sensitivity: authorisation.SensitivityPublic, Filterable: true},
	{Name: "day", Label: "日", Type: dictionary.Date, Description: "day", Sensitivity: authorisation.SensitivityPublic},
	{Name: "rain", Label: "雨量", Type: dictionary.Decimal, Description: "rain", Sensitivity: authorisation.SensitivityPublic, Filterable: true},
}

// Product lays a product of made-up data with so many rows. Its fee is shared 50:30:20 between operator, organ and vendor.
func (s *Shop) Product(t testing.TB, delivery authorisation.Delivery, rows int) Product {
	t.Helper()
	p := Product{Columns: columns}
	s.tx(t, func(ctx context.Context, tx *store.Tx) error {
		now := tx.Now()
		row, err := tx.Product.Create().SetCreatedAt(now).SetOperatorID(s.Operator).SetDomainID(s.domain).SetName("逐日雨量").SetNameEn("Daily rain").
			SetStatus(authorisation.ProductListed).SetDelivery(delivery).SetDictionary(columns).SetSample([][]string{{"A", "2026-01-01", "0.1"}}).
			SetSocialInputs([]authorisation.SocialInput{}).SetIdentifier(strings.ReplaceAll(uuid.NewString(), "-", "")).
			SetListedAt(now).SetSynthetic(true).Save(ctx)
		if err != nil {
			return err
		}
		p.ID = row.ID
		for i, plan := range []struct {
			id     *uuid.UUID
			mode   pricing.ChargingMode
			rate   string
			months int
		}{
			{&p.PerCall, pricing.PerCall, "0.55", 0},
			{&p.PerVolume, pricing.PerVolume, "1.00", 0},
			{&p.PerPeriod, pricing.PerPeriod, "99.99", 3},
			{&p.PerProduct, pricing.PerProduct, "1000", 0},
			{&p.Gratis, pricing.PerCall, "0", 0},
		} {
			tariff := Flat(plan.mode, plan.rate)
			tariff.Period = pricing.Months(plan.months)
			made, err := tx.Plan.Create().SetCreatedAt(now).SetProductID(p.ID).SetPosition(i).SetName(string(plan.mode)).SetMode(plan.mode).
				SetSettlement(pricing.Prepaid).SetTariff(tariff).SetTermMonths(12).SetTrial(true).Save(ctx)
			if err != nil {
				return err
			}
			*plan.id = made.ID
		}
		p.Allocation, err = s.allocate(ctx, tx, p.ID)
		return err
	})
	s.Replace(t, &p, rows)
	return p
}

func (s *Shop) allocate(ctx context.Context, tx *store.Tx, product uuid.UUID) (uuid.UUID, error) {
	rule, err := tx.AllocationRule.Create().SetCreatedAt(tx.Now()).SetProductID(product).SetPersonID(s.uploader).SetNumber(1).SetWhole(100).SetSourceDocument("-").SetApprovedAt(tx.Now()).
		SetParts([]pricing.Part{
			{Contributor: s.Operator.String(), Weight: 50, Basis: "operation", Channel: pricing.ChannelProfit},
			{Contributor: s.Organ.String(), Weight: 30, Basis: "data", Channel: pricing.ChannelCost},
			{Contributor: s.Vendor.String(), Weight: 20, Basis: "models", Channel: pricing.ChannelInKind},
		}).Save(ctx)
	if err != nil {
		return uuid.Nil, err
	}
	return rule.ID, nil
}

// Replace gives a product a new dataset of so many rows, which is served from then on.
func (s *Shop) Replace(t testing.TB, p *Product, rows int) {
	t.Helper()
	var csv strings.Builder
	csv.WriteString("station,day,rain\n")
	for i := range rows {
		fmt.Fprintf(&csv, "%c,2026-01-%02d,%d.5\n", 'A'+rune(i%3), 1+i%28, i)
	}
	s.names++
	key := fmt.Sprintf("dataset-%d", s.names)
	path, err := s.Blobs.Path(key)
	if err != nil {
		t.Fatal(err)
	}
	report, err := dataset.Ingest(t.Context(), strings.NewReader(csv.String()), columns, path, dataset.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	s.tx(t, func(ctx context.Context, tx *store.Tx) error {
		d, err := tx.Dataset.Create().SetCreatedAt(tx.Now()).SetProductID(p.ID).SetUploaderID(s.uploader).SetNumber(s.names).SetAccepted(true).
			SetRowCount(report.Rows).SetBytes(report.CSV.Bytes).SetSha256(report.CSV.SHA256).SetBlobKey(key).SetColumns(columns).
			SetEgress(outputcontrol.Evidence{}).Save(ctx)
		if err != nil {
			return err
		}
		p.DatasetID = d.ID
		return tx.Product.UpdateOneID(p.ID).SetDatasetID(d.ID).Exec(ctx)
	})
}

// Sample gives a product another masked sample.
func (s *Shop) Sample(t testing.TB, p Product, rows [][]string) {
	t.Helper()
	s.tx(t, func(ctx context.Context, tx *store.Tx) error {
		return tx.Product.UpdateOneID(p.ID).SetSample(rows).Exec(ctx)
	})
}

// Status moves a product, as the listing gate and its operator do; a suspended one because a resource of it is.
func (s *Shop) Status(t testing.TB, p Product, to authorisation.ProductStatus) {
	t.Helper()
	s.tx(t, func(ctx context.Context, tx *store.Tx) error {
		because := ""
		if to == authorisation.ProductSuspended {
			because = string(authorisation.ResourceNotPublished)
		}
		return tx.Product.UpdateOneID(p.ID).SetStatus(to).SetSuspensionCode(because).Exec(ctx)
	})
}

// Reconciled fails while an invariant of money and rights does not hold; every test that moves either ends with it.
func Reconciled(t testing.TB, s *store.Store) {
	t.Helper()
	breaches, err := s.Reconcile(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range breaches {
		t.Errorf("it does not hold that %s: %v", b.Name, b.Rows)
	}
}

// System is a client that sees everything, for what a test asserts.
func System(s *store.Store) (context.Context, *db.Client) {
	return store.AsSystem(context.Background()), s.Read()
}

// Flat is a tariff of one rate.
func Flat(mode pricing.ChargingMode, rate string) pricing.Tariff {
	return pricing.Tariff{Mode: mode, Schedule: pricing.Schedule{Scheme: pricing.Flat, Bands: []pricing.Band{{Rate: decimal.MustParse(rate)}}}}
}
