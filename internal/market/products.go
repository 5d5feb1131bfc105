package market

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/csv"
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"entgo.io/ent/dialect/sql"
	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/ent/db/domain"
	"gongshu/ent/db/organisation"
	"gongshu/ent/db/product"
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/dataset"
	"gongshu/internal/dictionary"
	"gongshu/internal/fault"
	"gongshu/internal/store"
)

// ProductContent is what an operator says of a product.
type ProductContent struct {
	Name, NameEn               string
	Description, DescriptionEn string
	DomainID                   uuid.UUID
	Delivery                   authorisation.Delivery
	UpdateFrequency            *authorisation.UpdateFrequency
	// Aggregate: every row is an aggregate over persons.
	Aggregate    bool
	ItemIDs      []uuid.UUID
	SocialInputs []authorisation.SocialInput
	Dictionary   []dictionary.Column
	Sample       [][]string
}

// whole has lists where a caller left them out: what is stored is a list, be it an empty one.
func (c ProductContent) whole() ProductContent {
	c.ItemIDs = slices.Concat([]uuid.UUID{}, c.ItemIDs)
	c.SocialInputs = slices.Concat([]authorisation.SocialInput{}, c.SocialInputs)
	c.Dictionary = slices.Concat([]dictionary.Column{}, c.Dictionary)
	c.Sample = slices.Concat([][]string{}, c.Sample)
	return c
}

// The limits of a product's content; none of them is a rule of law.
const (
	MaxProductItems = 200
	MaxSocialInputs = 20
	MaxSampleRows   = 20
)

// ProductDraft drafts a product of the viewer's organisation, an operator, and gives it its identifier (NDI-04).
// Everything that is wrong with the content is returned at once.
func (m *Market) ProductDraft(ctx context.Context, content ProductContent) (id uuid.UUID, err error) {
	v := access.FromContext(ctx)
	if err := v.MayAct(access.Operator, access.Publisher, access.Member); err != nil {
		return uuid.Nil, err
	}
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		content = content.whole()
		items, err := checkContent(ctx, tx, v.OrganisationID, content, ProductContent{})
		if err != nil {
			return err
		}
		operator, err := tx.Organisation.Query().Where(organisation.ID(v.OrganisationID)).Only(ctx)
		if err != nil {
			return fmt.Errorf("read the operator: %w", err)
		}
		identifier, err := newIdentifier(operator)
		if err != nil {
			return err
		}
		row, err := tx.Product.Create().SetCreatedAt(tx.Now()).SetOperatorID(operator.ID).SetDomainID(content.DomainID).
			SetName(content.Name).SetNameEn(content.NameEn).SetDescription(content.Description).SetDescriptionEn(content.DescriptionEn).
			SetStatus(authorisation.ProductDraft).SetDelivery(content.Delivery).SetNillableUpdateFrequency(content.UpdateFrequency).
			SetAggregate(content.Aggregate).SetDictionary(content.Dictionary).SetSample(content.Sample).
			SetSocialInputs(content.SocialInputs).SetIdentifier(string(identifier)).SetSynthetic(operator.Synthetic).Save(ctx)
		if err != nil {
			return fmt.Errorf("save a product: %w", err)
		}
		id = row.ID
		if err := tx.SetProductItems(ctx, id, items); err != nil {
			return err
		}
		if err := m.scoreProduct(ctx, tx, id); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{
			Name: "productDraft", Kind: "Product", ID: id, Change: map[string]any{"name": content.Name, "identifier": identifier, "items": content.ItemIDs},
		})
	})
	return id, err
}

// ProductRevise changes the content of a product that is not on the market; change gets what it says now.
// Its content number grows, and it is a draft again: it has to be reviewed and registered anew. Data that was typed by
// another dictionary is served no more.
// Refused with MOVE_NOT_ALLOWED while it is listed or once it is retired, and with PRODUCT_UNDER_REVIEW while it is reviewed.
func (m *Market) ProductRevise(ctx context.Context, id uuid.UUID, change func(*ProductContent)) error {
	return m.changeOwn(ctx, id, authorisation.ReviseProduct, func(ctx context.Context, tx *store.Tx, p *db.Product) error {
		before, err := contentOf(ctx, tx, p)
		if err != nil {
			return err
		}
		after := before
		change(&after)
		after = after.whole()
		if reflect.DeepEqual(after.Dictionary, before.Dictionary) { // a column comes no longer from what the product is no longer made of
			after.Dictionary = dictionary.WithItems(after.Dictionary, plainIDs(after.ItemIDs))
		}
		items, err := checkContent(ctx, tx, p.OperatorID, after, before)
		if err != nil {
			return err
		}
		if err := tx.ChangeProduct(ctx, p, func(u *db.ProductUpdate) { revise(u, before, after) }); err != nil {
			return err
		}
		if items != nil {
			if err := tx.SetProductItems(ctx, id, items); err != nil {
				return err
			}
		}
		if err := m.scoreProduct(ctx, tx, id); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "productRevise", Kind: "Product", ID: id, Change: map[string]any{
			"contentNumber": []int{p.ContentNumber, p.ContentNumber + 1}, "status": []authorisation.ProductStatus{p.Status, authorisation.ProductDraft},
			"changed": changedFields(before, after), "registrationCode": p.RegistrationCode,
		}})
	})
}

func mayRevise(v access.Viewer, status authorisation.ProductStatus) error {
	switch status {
	case authorisation.ProductDraft:
		return nil
	case authorisation.ProductSubmitted:
		return fault.New(fault.Conflict, "PRODUCT_UNDER_REVIEW", "The product is under review. Take its application back first.")
	}
	if err := v.MayAct(access.Operator, access.Publisher); err != nil { // undoing a review is more than drafting
		return err
	}
	return authorisation.Move(status, authorisation.ProductDraft)
}

func revise(u *db.ProductUpdate, before, after ProductContent) {
	u.SetName(after.Name).SetNameEn(after.NameEn).SetDescription(after.Description).SetDescriptionEn(after.DescriptionEn).
		SetAggregate(after.Aggregate).SetDictionary(after.Dictionary).SetSample(after.Sample).
		SetSocialInputs(after.SocialInputs).AddContentNumber(1).SetStatus(authorisation.ProductDraft).SetSuspensionCode("").
		ClearReviewedAt().ClearRegistrationCode().ClearRegistrationDocumentID().ClearRegisteredOn().ClearRegistrationExpiresOn()
	if after.UpdateFrequency == nil {
		u.ClearUpdateFrequency()
	} else {
		u.SetUpdateFrequency(*after.UpdateFrequency)
	}
	if !dictionary.TypeAlike(before.Dictionary, after.Dictionary) {
		u.ClearDatasetID()
	}
	u.Modify(func(s *sql.UpdateBuilder) { s.Set(product.FieldDomainID, after.DomainID) }) // no other reference ever changes, so ent has no setter
}

// changedFields names what is different, for the record: descriptions are too long to keep twice.
func changedFields(before, after ProductContent) []string {
	var names []string
	b, a := reflect.ValueOf(before), reflect.ValueOf(after)
	for i := range b.NumField() {
		if !reflect.DeepEqual(b.Field(i).Interface(), a.Field(i).Interface()) {
			names = append(names, b.Type().Field(i).Name)
		}
	}
	return names
}

func contentOf(ctx context.Context, tx *store.Tx, p *db.Product) (ProductContent, error) {
	items, err := tx.ProductItems(ctx, p.ID)
	return ProductContent{
		Name: p.Name, NameEn: p.NameEn, Description: p.Description, DescriptionEn: p.DescriptionEn, DomainID: p.DomainID,
		Delivery: p.Delivery, UpdateFrequency: p.UpdateFrequency, Aggregate: p.Aggregate, ItemIDs: items,
		SocialInputs: p.SocialInputs, Dictionary: p.Dictionary, Sample: p.Sample,
	}, err
}

// changeOwn takes an action about a product that belongs to the viewer's organisation, an operator, unless mayDo refuses it.
func (m *Market) changeOwn(ctx context.Context, id uuid.UUID, act authorisation.ProductAction, do func(context.Context, *store.Tx, *db.Product) error) error {
	v := access.FromContext(ctx)
	if err := doesAny(v, act); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		p, err := tx.ProductByID(ctx, id)
		if err != nil {
			return err
		}
		if err := mayDo(v, act, p); err != nil {
			return err
		}
		return do(ctx, tx, p)
	})
}

// newIdentifier draws the identifier of a new product; two alike are as good as impossible and refused by the database.
func newIdentifier(operator *db.Organisation) (authorisation.Identifier, error) {
	if operator.CreditCode == nil {
		return "", fault.New(fault.Conflict, "CREDIT_CODE_MISSING", "The operator's credit code is not known yet.")
	}
	const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	var random strings.Builder
	for range 8 {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(alphabet))))
		if err != nil {
			return "", fmt.Errorf("draw an identifier: %w", err)
		}
		random.WriteByte(alphabet[n.Int64()])
	}
	return authorisation.NewIdentifier(authorisation.IdentifiesProduct, authorisation.CreditCode(*operator.CreditCode), authorisation.RegionMianyang, random.String())
}

// checkContent returns the items named, nil when they are those of before, or everything that is wrong with the content.
func checkContent(ctx context.Context, tx *store.Tx, operatorID uuid.UUID, c, before ProductContent) ([]*db.DataItem, error) {
	wrong := slices.Concat(
		checkText("input.name", c.Name, 600, true), checkText("input.nameEn", c.NameEn, 600, false),
		checkText("input.description", c.Description, 16000, true), checkText("input.descriptionEn", c.DescriptionEn, 16000, false),
	)
	known, err := tx.Domain.Query().Where(domain.ID(c.DomainID)).Exist(ctx)
	if err != nil {
		return nil, fmt.Errorf("read a domain: %w", err)
	}
	if !known {
		wrong = append(wrong, fault.Absent("domain").At("input.domainId"))
	}
	var items []*db.DataItem
	itemsWrong := false
	if before.ItemIDs == nil || !slices.Equal(c.ItemIDs, before.ItemIDs) {
		var more fault.List
		if items, more, err = checkItems(ctx, tx, c.ItemIDs); err != nil {
			return nil, err
		}
		wrong, itemsWrong = append(wrong, more...), len(more) > 0
	}
	more, err := checkSocialInputs(ctx, tx, operatorID, c.SocialInputs)
	if err != nil {
		return nil, err
	}
	wrong = append(wrong, more...)
	if bad := fault.All(dictionary.Check(c.Dictionary, "input.dictionary")); len(bad) > 0 {
		return nil, append(wrong, bad...) // a sample cannot be judged by it
	}
	if !itemsWrong { // else columns cannot be judged by them
		wrong = append(wrong, fault.All(dictionary.CheckItems(c.Dictionary, plainIDs(c.ItemIDs), "input.dictionary"))...)
	}
	more, err = checkSample(ctx, c.Sample, c.Dictionary, authorisation.DayOf(tx.Now()))
	if err != nil {
		return nil, err
	}
	return items, append(wrong, more...).OrNil()
}

// plainIDs are ids as columns name them.
func plainIDs(ids []uuid.UUID) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = id.String()
	}
	return out
}

// checkItems reads the items that a product is to be made of: those of published resources, each once.
func checkItems(ctx context.Context, tx *store.Tx, ids []uuid.UUID) ([]*db.DataItem, fault.List, error) {
	if len(ids) > MaxProductItems {
		return nil, fault.List{fault.New(fault.Invalid, "ITEMS_TOO_MANY", "A product is made of at most %d data items.", MaxProductItems).
			At("input.itemIds").With("max", MaxProductItems)}, nil
	}
	found, err := tx.ItemsByID(ctx, ids)
	if err != nil {
		return nil, nil, err
	}
	items := make([]*db.DataItem, len(ids))
	var wrong fault.List
	for i, id := range ids {
		field := "input.itemIds." + strconv.Itoa(i)
		item := found[id]
		switch {
		case slices.Contains(ids[:i], id):
			wrong = append(wrong, fault.New(fault.Invalid, "ITEM_TWICE", "The same data item is named twice.").At(field))
		case item == nil || item.Edges.Resource == nil:
			wrong = append(wrong, fault.Absent("data item").At(field))
		case item.Edges.Resource.Status != authorisation.ResourcePublished:
			wrong = append(wrong, fault.New(fault.Conflict, "RESOURCE_NOT_PUBLISHED", "The resource %s is not published.", item.Edges.Resource.Name).
				At(field).With("resource", item.Edges.Resource.Name))
		}
		items[i] = item
	}
	return items, wrong, nil
}

// checkSocialInputs: data that a product joins is its operator's own or a verified data vendor's (CITY 5.3).
func checkSocialInputs(ctx context.Context, tx *store.Tx, operatorID uuid.UUID, inputs []authorisation.SocialInput) (fault.List, error) {
	if len(inputs) > MaxSocialInputs {
		return fault.List{fault.New(fault.Invalid, "SOCIAL_INPUTS_TOO_MANY", "A product joins at most %d social inputs.", MaxSocialInputs).
			At("input.socialInputs").With("max", MaxSocialInputs)}, nil
	}
	ids := make([]uuid.UUID, len(inputs))
	for i, input := range inputs {
		ids[i], _ = uuid.Parse(input.ContributorID) // what is no id is nobody's
	}
	vendors, err := tx.VerifiedAs(ctx, ids, access.DataVendor)
	if err != nil {
		return nil, err
	}
	var wrong fault.List
	for i, input := range inputs {
		field := "input.socialInputs." + strconv.Itoa(i)
		wrong = append(wrong, checkText(field+".name", input.Name, 600, true)...)
		wrong = append(wrong, checkText(field+".provenance", input.Provenance, 6000, true)...)
		if ids[i] != operatorID && !vendors[ids[i]] {
			wrong = append(wrong, fault.New(fault.Conflict, "CONTRIBUTOR_NOT_ALLOWED",
				"Social data comes from the operator itself or from a verified data vendor.").At(field+".contributorId"))
		}
	}
	return wrong, nil
}

// checkSample types the masked sample by the dictionary, as a dataset would be, and names what is wrong by row and column. No cell
// shows in a fault.
func checkSample(ctx context.Context, sample [][]string, columns []dictionary.Column, today authorisation.Day) (fault.List, error) {
	if len(sample) > MaxSampleRows {
		return fault.List{fault.New(fault.Invalid, "SAMPLE_TOO_LONG", "A sample has at most %d rows.", MaxSampleRows).
			At("input.sample").With("max", MaxSampleRows)}, nil
	}
	var wrong fault.List
	var text bytes.Buffer
	w := csv.NewWriter(&text)
	write := func(row []string) error {
		if err := w.Write(row); err != nil {
			return fmt.Errorf("write a sample: %w", err)
		}
		w.Flush()
		return nil
	}
	header := make([]string, len(columns))
	for i, c := range columns {
		header[i] = c.Name
	}
	if err := write(header); err != nil {
		return nil, err
	}
	at := map[int64]int{} // the row of the sample that begins on a line
	for i, row := range sample {
		if len(row) != len(columns) || len(columns) == 0 {
			wrong = append(wrong, fault.New(fault.Invalid, "SAMPLE_ROW_LENGTH", "Row %d of the sample has not as many cells as the dictionary has columns.", i+1).
				At("input.sample."+strconv.Itoa(i)).With("row", i+1))
			continue
		}
		at[int64(bytes.Count(text.Bytes(), []byte("\n"))+1)] = i
		if err := write(row); err != nil {
			return nil, err
		}
	}
	if len(at) == 0 {
		return wrong, nil
	}
	report, err := dataset.Read(ctx, &text, columns, dataset.Limits{Today: today}, nil)
	if err != nil {
		return nil, err
	}
	for _, reject := range report.Rejects {
		i, ok := at[reject.Row]
		if !ok {
			continue // of the header, which is the dictionary's own
		}
		field := "input.sample." + strconv.Itoa(i)
		if reject.Position > 0 {
			field += "." + strconv.Itoa(reject.Position-1)
		}
		wrong = append(wrong, fault.New(fault.Invalid, "SAMPLE_CELL_INVALID", "Row %d of the sample does not fit its column %q.", i+1, reject.Column).
			At(field).With("row", i+1).With("column", reject.Column).With("reason", reject.Code))
	}
	return wrong, nil
}

// checkText refuses a text that is missing, or too long to be kept; the bound is in bytes of UTF-8.
func checkText(field, text string, maxBytes int, required bool) fault.List {
	switch {
	case required && strings.TrimSpace(text) == "":
		return fault.List{fault.New(fault.Invalid, "TEXT_MISSING", "This must be said.").At(field)}
	case len(text) > maxBytes:
		return fault.List{fault.New(fault.Invalid, "TEXT_TOO_LONG", "This text is longer than %d bytes.", maxBytes).At(field).With("max", maxBytes)}
	}
	return nil
}
