package market

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
	"unicode"

	"github.com/google/uuid"

	"gongshu/ent/db"
	"gongshu/internal/access"
	"gongshu/internal/fault"
	"gongshu/internal/store"
)

const (
	// MaxDocument is the greatest size of a document, in bytes.
	MaxDocument = 20 << 20
	// maxUnverified is how many documents an organisation may hold before it is verified: anybody can sign one up.
	maxUnverified = 20
)

// extensions are the media types that are taken as evidence, with the ending of a file of that type.
var extensions = map[string]string{
	"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "text/plain": ".txt", "text/csv": ".csv",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":       ".xlsx",
	"application/ofd": ".ofd", "text/xml": ".xml", // as official documents and invoices come
}

// DocumentStore stores a piece of evidence of the viewer's organisation and returns its id; anybody signed in may.
//
// What it is shows in its bytes, not in what the caller calls it: PDF, OFD, XML, PNG, JPEG, text, CSV, Word and Excel without macros,
// else MEDIA_TYPE_REFUSED. Refused too: DOCUMENT_TOO_LARGE, DOCUMENT_EMPTY, and TOO_MANY_DOCUMENTS before verification.
func (m *Market) DocumentStore(ctx context.Context, name, mediaType string, r io.Reader) (uuid.UUID, error) {
	v := access.FromContext(ctx)
	if err := v.MustSignIn(); err != nil {
		return uuid.Nil, err
	}
	id := uuid.Must(uuid.NewV7())
	d := store.Document{ID: id, OrganisationID: v.OrganisationID, UploaderID: v.PersonID, BlobKey: "documents/" + id.String()}
	if err := m.mayStoreMore(ctx, v); err != nil {
		return uuid.Nil, err
	}
	if err := m.putDocument(ctx, &d, name, mediaType, r); err != nil {
		return uuid.Nil, err
	}
	err := m.Store.InTx(ctx, func(ctx context.Context, tx *store.Tx) error {
		if err := tx.AddDocument(ctx, d); err != nil {
			return err
		}
		return tx.Record(ctx, store.Act{Name: "documentStore", Kind: "Document", ID: id, Change: map[string]any{
			"mediaType": d.MediaType, "size": d.Size, "sha256": d.SHA256,
		}})
	})
	// The bytes stay though it failed: a commit that returns an error may still have happened.
	return id, err
}

func (m *Market) mayStoreMore(ctx context.Context, v access.Viewer) error {
	if v.Verified {
		return nil
	}
	n, err := m.Store.DocumentsOf(ctx, v.OrganisationID)
	if err == nil && n >= maxUnverified {
		return fault.New(fault.Conflict, "TOO_MANY_DOCUMENTS", "Before it is verified an organisation holds at most %d documents.", maxUnverified).With("max", maxUnverified)
	}
	return err
}

// putDocument stores the bytes and fills in what they are. Bytes that are refused are not kept.
func (m *Market) putDocument(ctx context.Context, d *store.Document, name, mediaType string, r io.Reader) error {
	buffered := bufio.NewReaderSize(io.LimitReader(r, MaxDocument+1), 512)
	head, err := buffered.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read a document: %w", err)
	}
	head = bytes.Clone(head) // the buffer's next read overwrites what was peeked
	if len(head) == 0 {
		return fault.New(fault.Invalid, "DOCUMENT_EMPTY", "The document is empty.")
	}
	if d.Size, d.SHA256, err = m.Blobs.Put(ctx, d.BlobKey, buffered); err != nil {
		return fmt.Errorf("read a document: %w", err)
	}
	if d.Size > MaxDocument {
		err = documentTooLarge()
	} else {
		d.MediaType, err = m.mediaTypeOf(d.BlobKey, head, mediaType, name)
	}
	if err != nil {
		return errors.Join(err, m.Blobs.Delete(ctx, d.BlobKey))
	}
	d.Name = cleanName(name, d.MediaType)
	return nil
}

func documentTooLarge() error {
	megabytes := MaxDocument >> 20
	return fault.New(fault.TooLarge, "DOCUMENT_TOO_LARGE", "A document has at most %d MiB.", megabytes).With("maxMebibytes", megabytes)
}

// mediaTypeOf says what the bytes of a document are.
func (m *Market) mediaTypeOf(key string, head []byte, stated, name string) (string, error) {
	mediaType, _, _ := strings.Cut(http.DetectContentType(head), ";")
	switch mediaType {
	case "text/plain":
		if bytes.HasPrefix(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), []byte("<?xml")) { // behind a byte-order mark
			return "text/xml", nil
		}
		if base, _, _ := strings.Cut(stated, ";"); base == "text/csv" || strings.EqualFold(path.Ext(name), ".csv") {
			mediaType = "text/csv"
		}
	case "application/zip":
		file, err := m.Blobs.Path(key)
		if err != nil {
			return "", err
		}
		mediaType = officeType(file)
	}
	if extensions[mediaType] == "" {
		return "", fault.New(fault.Invalid, "MEDIA_TYPE_REFUSED", "Evidence is a PDF, OFD, XML, PNG, JPEG, text, CSV, Word or Excel file without macros.")
	}
	return mediaType, nil
}

// officeType says whether an archive is a Word or Excel file without macros, or an OFD file (GB/T 33190), "" when it is something else.
func officeType(file string) string {
	archive, err := zip.OpenReader(file)
	if err != nil {
		return ""
	}
	defer archive.Close()
	mediaType := ""
	for _, f := range archive.File {
		switch {
		case strings.HasSuffix(strings.ToLower(f.Name), "vbaproject.bin"):
			return ""
		case f.Name == "word/document.xml":
			mediaType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
		case f.Name == "xl/workbook.xml":
			mediaType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
		case f.Name == "OFD.xml":
			mediaType = "application/ofd"
		}
	}
	return mediaType
}

// cleanName is a name under which a document can be saved anywhere: no path, nothing unprintable, the ending of its type.
func cleanName(name, mediaType string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.TrimSuffix(name, path.Ext(name))
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || strings.ContainsRune(`/:*?"<>|`, r) {
			return -1
		}
		return r
	}, name)
	if name = strings.Trim(name, ". "); name == "" {
		name = "document"
	}
	if runes := []rune(name); len(runes) > 150 {
		name = string(runes[:150])
	}
	return name + extensions[mediaType]
}

// Evidence are the documents of a proceeding, to those who may see the proceeding.
func (m *Market) Evidence(ctx context.Context, proceedingID uuid.UUID) ([]*db.Document, error) {
	evidence, err := m.Store.Evidence(ctx, []uuid.UUID{proceedingID})
	if err != nil {
		return nil, err
	}
	documents, seen := evidence[proceedingID]
	if !seen {
		return nil, fault.Absent("proceeding")
	}
	return documents, nil
}

// OpenDocument is a document with its bytes; close it.
type OpenDocument struct {
	Name      string
	MediaType string
	Size      int64
	io.ReadSeekCloser
}

// DocumentOpen opens a document of the viewer's organisation, or one that is evidence in a proceeding or the file of an invoice that it may see.
func (m *Market) DocumentOpen(ctx context.Context, id uuid.UUID) (OpenDocument, error) {
	if err := access.FromContext(ctx).MustSignIn(); err != nil {
		return OpenDocument{}, err
	}
	d, err := m.Store.DocumentByID(ctx, id)
	if err != nil {
		return OpenDocument{}, err
	}
	r, err := m.Blobs.Open(ctx, d.BlobKey)
	if err != nil {
		return OpenDocument{}, err
	}
	return OpenDocument{Name: d.Name, MediaType: d.MediaType, Size: d.Size, ReadSeekCloser: r}, nil
}
