package market

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/google/uuid"

	"gongshu/internal/authorisation"
	"gongshu/internal/dataset"
	"gongshu/internal/fault"
	"gongshu/internal/ordering"
	"gongshu/internal/purpose"
	"gongshu/internal/store"
)

// linkLife is how long a download link may be used.
const linkLife = 15 * time.Minute

// expiredLinkLife is how long an unused link says LINK_EXPIRED before it is as if it had never been made.
const expiredLinkLife = 24 * time.Hour

// LinkCall asks for a link to the file of a product.
type LinkCall struct {
	Secret    string
	ProductID uuid.UUID
	Purpose   purpose.Purpose
}

// DownloadLink is a link that was made; its token is shown this once and stored hashed.
type DownloadLink struct {
	Token     string
	ExpiresAt time.Time
	Bytes     int64
	RowCount  int64
	Synthetic bool
}

// DataLink makes a link to the file that a FILE product serves now. It lives a quarter of an hour, opens to whoever holds
// it, and costs nothing: the download is metered, once, at its first byte. Refused as DataRows is, and when the whole file
// is not within what is left of the quota.
func (m *Market) DataLink(ctx context.Context, c LinkCall) (DownloadLink, error) {
	o, err := m.opening(ctx, c.Secret, c.ProductID, authorisation.DeliveryFile)
	if err != nil {
		return DownloadLink{}, err
	}
	file, size, err := m.openCSV(*o.Dataset)
	if err != nil {
		return DownloadLink{}, err
	}
	file.Close()
	if err := m.mayUse(ctx, o, ordering.Attempt{Purpose: c.Purpose, Kind: ordering.UsageFile, Bytes: size}); err != nil {
		return DownloadLink{}, err
	}
	token := newSecret("")
	link := DownloadLink{Token: token, Bytes: size, RowCount: o.Dataset.RowCount, Synthetic: o.Synthetic}
	err = m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		link.ExpiresAt = tx.Now().Add(linkLife)
		return tx.AddLink(ctx, store.Link{Opening: o, Purpose: c.Purpose, ExpiresAt: link.ExpiresAt}, secretHash(token))
	})
	return link, err
}

// Download is a file that a link opens. Close its File.
type Download struct {
	File      *os.File
	Synthetic bool
	ProductID uuid.UUID
	DatasetID uuid.UUID
	Number    int

	market *Market
	token  string
	link   store.Link
	size   int64
}

// DataDownload opens the file of a link; nothing is metered yet. A resumed download needs nothing of the quota.
// Refused with NOT_FOUND for a link that was never made or expired unused a day ago, LINK_EXPIRED, and as DataLink is.
func (m *Market) DataDownload(ctx context.Context, token string) (*Download, error) {
	link, err := m.Store.LinkOf(ctx, secretHash(token))
	if errors.Is(err, store.ErrNoOpening) {
		return nil, fault.Absent("download link")
	}
	if err != nil {
		return nil, err
	}
	file, size, err := m.openCSV(*link.Dataset)
	if err != nil {
		return nil, err
	}
	d := &Download{
		File: file, Synthetic: link.Synthetic, ProductID: link.ProductID, DatasetID: link.Dataset.ID, Number: link.Dataset.Number,
		market: m, token: token, link: link, size: size,
	}
	if err := d.allowed(link); err != nil {
		file.Close()
		return nil, err
	}
	return d, nil
}

// allowed decides whether a byte of the file may leave by the link now.
func (d *Download) allowed(link store.Link) error {
	now := d.market.Store.Now()
	if !now.Before(link.ExpiresAt) {
		return fault.New(fault.Forbidden, "LINK_EXPIRED", "This link has expired; ask for another.")
	}
	if link.CredentialStatus != ordering.CredentialActive {
		return credentialInvalid()
	}
	if err := mayBeServed(link.Opening, authorisation.DeliveryFile); err != nil {
		return err
	}
	_, err := ordering.Use(link.Entitlement.Entitlement, ordering.Attempt{Purpose: link.Purpose, Kind: ordering.UsageFile, Bytes: d.size}, now)
	if link.UsageID != uuid.Nil && fault.CodeOf(err) == "QUOTA_EXHAUSTED" {
		return nil
	}
	return err
}

// Meter commits the download as one use, whichever range of it leaves first, and returns the use's id; what was metered
// before is that use. It is called before the first byte leaves.
func (d *Download) Meter(ctx context.Context) (uuid.UUID, error) {
	if d.link.UsageID != uuid.Nil {
		return d.link.UsageID, nil
	}
	id, err := d.market.meterDownload(ctx, d.link, d.size)
	switch {
	case err == nil:
		return id, nil
	case !store.IsTaken(err) && !errors.Is(err, errNotMetered):
		return uuid.Nil, err
	}
	// Another range came first, or the database took nothing: what is true now says which.
	link, err := d.market.Store.LinkOf(ctx, secretHash(d.token))
	if err != nil {
		return uuid.Nil, err
	}
	if err := d.allowed(link); err != nil {
		return uuid.Nil, err
	}
	if link.UsageID == uuid.Nil {
		return uuid.Nil, fault.New(fault.Conflict, "CHANGED_MEANWHILE", "The entitlement changed meanwhile. Call again.")
	}
	return link.UsageID, nil
}

func (m *Market) meterDownload(ctx context.Context, link store.Link, size int64) (uuid.UUID, error) {
	use := newUse(store.Usage{
		EntitlementID: link.Opening.ID, CredentialID: link.CredentialID, ProductID: link.ProductID, DatasetID: link.Dataset.ID,
		IdempotencyKey: "download:" + link.ID.String(), RequestHash: requestHash(link.ID),
		Kind: ordering.UsageFile, Purpose: link.Purpose, RowCount: link.Dataset.RowCount, Bytes: size,
	})
	return use.ID, m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if _, err := meter(ctx, tx, use); err != nil {
			return err
		}
		return tx.MarkDownloaded(ctx, link.ID, use.ID)
	})
}

// openCSV opens the canonical file of a dataset.
func (m *Market) openCSV(d store.Dataset) (*os.File, int64, error) {
	path, err := m.Blobs.Path(d.BlobKey)
	if err != nil {
		return nil, 0, fmt.Errorf("find dataset %s: %w", d.ID, err)
	}
	file, err := os.Open(dataset.CSVPath(path))
	if err != nil {
		return nil, 0, fmt.Errorf("open dataset %s: %w", d.ID, err)
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return nil, 0, fmt.Errorf("open dataset %s: %w", d.ID, err)
	}
	return file, info.Size(), nil
}
