package market

import (
	"gongshu/internal/access"
	"gongshu/internal/authorisation"
	"gongshu/internal/catalogue"
	"gongshu/internal/fault"
	"gongshu/internal/store"
)

// ResourceActions are what the viewer may do about a resource now, by the rules of the use-cases: given right input, none of
// these is refused, and every other one is. It reads nothing.
func (m *Market) ResourceActions(v access.Viewer, r store.ResourceFacts) []authorisation.ResourceAction {
	allowed := []authorisation.ResourceAction{}
	for _, name := range authorisation.ResourceAction("").Values() {
		if act := authorisation.ResourceAction(name); m.mayDoResource(v, act, r) == nil {
			allowed = append(allowed, act)
		}
	}
	return allowed
}

func (m *Market) mayDoResource(v access.Viewer, act authorisation.ResourceAction, r store.ResourceFacts) error {
	switch act {
	case authorisation.PublishResource:
		return firstOf(publishesBatches(v), publishable(r.Status))
	case authorisation.SuspendResource:
		return mayMoveResource(v, r.Resource, authorisation.ResourceSuspended)
	case authorisation.ResumeResource:
		return mayMoveResource(v, r.Resource, authorisation.ResourcePublished)
	}
	if err := isSourceUnit(v, r.Resource); err != nil {
		return err
	}
	switch act {
	case authorisation.ClassifyResource:
		return someClassifiable(r.Resource)
	case authorisation.StateFrequency:
		return frequencyOpen(r.Said)
	default:
		_, err := authorisation.Register(r.Resource)
		if err == nil { // somebody has to decide on it
			authorities := authoritiesOf([]authorisation.Resource{r.Resource})
			_, _, err = authorisation.Open(authorisation.ProceedingResourceApproval, v.PersonID, authorities, authorisation.Calendar{}, nil, m.Store.Now())
		}
		return err
	}
}

// isSourceUnit refuses everybody but a PUBLISHER of the source unit of a resource; to other organisations it is absent.
func isSourceUnit(v access.Viewer, r authorisation.Resource) error {
	return v.MayActFor(r.SourceUnitID, "resource", access.SourceUnit, access.Publisher)
}

func publishesBatches(v access.Viewer) error {
	return v.MayAct(access.ImplementingAgency, access.Publisher, access.Approver)
}

// someClassifiable refuses to classify a resource none of whose items may be marked now.
func someClassifiable(r authorisation.Resource) error {
	var refusal error = fault.New(fault.Conflict, "RESOURCE_WITHOUT_ITEMS", "A resource has at least one data item.")
	for _, item := range r.Items {
		if refusal = authorisation.Classify(r, []authorisation.Item{item}); refusal == nil {
			return nil
		}
	}
	return refusal
}

// frequencyOpen refuses to state how often a resource is updated where its newest catalogue says it.
func frequencyOpen(said catalogue.Resource) error {
	if said.UpdateFrequency == nil {
		return nil
	}
	return fault.New(fault.Conflict, "UPDATE_FREQUENCY_FIXED", "The catalogue says how often this resource is updated: %s.", said.UpdateCycleText).
		At("updateFrequency").With("updateCycle", said.UpdateCycleText)
}

// publishable refuses to publish what is not approved. What is suspended is put back by ResourceResume, with its reason.
func publishable(status authorisation.ResourceStatus) error {
	if status == authorisation.ResourceSuspended {
		return fault.New(fault.Conflict, "MOVE_NOT_ALLOWED", "A suspended resource is resumed, not published again.")
	}
	return authorisation.Move(status, authorisation.ResourcePublished)
}

// mayMoveResource refuses to take a published resource off, or to put a suspended one back.
func mayMoveResource(v access.Viewer, r authorisation.Resource, to authorisation.ResourceStatus) error {
	may := v.MayAct(access.ImplementingAgency, access.Approver)
	if to == authorisation.ResourceSuspended && !v.Is(access.ImplementingAgency) {
		may = isSourceUnit(v, r)
	}
	if may != nil {
		return may
	}
	if to == authorisation.ResourcePublished && r.Status != authorisation.ResourceSuspended {
		return fault.New(fault.Conflict, "MOVE_NOT_ALLOWED", "Only a suspended resource is resumed; this one is %s.", r.Status).
			With("from", string(r.Status)).With("to", string(to))
	}
	return authorisation.Move(r.Status, to)
}
