package graph

import (
	"strconv"

	"github.com/google/uuid"

	"gongshu/internal/fault"
	"gongshu/internal/publicid"
)

// The prefixes of ids, one for each type that has one.
const (
	organisationID     = "org"
	personID           = "psn"
	documentID         = "doc"
	domainID           = "dom"
	resourceID         = "res"
	itemID             = "itm"
	batchID            = "bat"
	agreementID        = "agr"
	grantID            = "gnt"
	proceedingID       = "prc"
	decisionID         = "dec"
	productID          = "prd"
	planID             = "pln"
	capID              = "cap"
	allocationRuleID   = "alr"
	datasetID          = "dst"
	orderID            = "ord"
	billID             = "bil"
	invoiceID          = "inv"
	disputeID          = "dpt"
	paymentID          = "pay"
	entitlementID      = "ent"
	credentialID       = "crd"
	usageID            = "use"
	notificationID     = "ntf"
	jobID              = "job"
	refundID           = "rfd"
	statementID        = "stm"
	payoutBatchID      = "pbt"
	discrepancyID      = "dsc"
	permittedRevenueID = "pmr"
	transferID         = "trf"
	bankStatementID    = "bst"
	bankFormatID       = "bft"
	bankLineID         = "bln"
	synonymGroupID     = "syn"
)

var whatIs = map[string]string{
	organisationID: "organisation", personID: "person", documentID: "document", domainID: "domain", resourceID: "resource",
	itemID: "data item", batchID: "batch", agreementID: "agreement", grantID: "grant", proceedingID: "proceeding",
	decisionID: "decision", productID: "product", planID: "plan", capID: "cap", allocationRuleID: "allocation rule",
	datasetID: "dataset", orderID: "order", billID: "bill", invoiceID: "invoice", disputeID: "dispute", paymentID: "payment", entitlementID: "entitlement", credentialID: "credential",
	usageID: "usage", notificationID: "notification", jobID: "job",
	refundID: "refund", statementID: "statement", payoutBatchID: "payout batch", discrepancyID: "discrepancy", permittedRevenueID: "permitted revenue",
	transferID: "transfer", bankStatementID: "bank statement", bankFormatID: "bank format", bankLineID: "bank line", synonymGroupID: "synonym group",
}

// parseID reads an id from input; what cannot be one answers like one that does not exist.
func parseID(prefix, text, field string) (uuid.UUID, error) {
	id, ok := publicid.Parse(prefix, text)
	if !ok {
		return uuid.Nil, fault.Absent(whatIs[prefix]).At(field)
	}
	return id, nil
}

// parseIDs reads a list of ids and names the place of the first that is none.
func parseIDs(prefix string, texts []string, field string) ([]uuid.UUID, error) {
	ids := make([]uuid.UUID, len(texts))
	for i, text := range texts {
		var err error
		if ids[i], err = parseID(prefix, text, field+"."+strconv.Itoa(i)); err != nil {
			return nil, err
		}
	}
	return ids, nil
}
