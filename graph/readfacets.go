package graph

import (
	"strconv"
	"sync"

	"github.com/google/uuid"

	"gongshu/graph/records"
	"gongshu/internal/publicid"
	"gongshu/search"
)

// facetValues keeps the records of what facets count, without how often, for an epoch: a search counts hundreds, and these are
// what it found before.
type facetValues struct {
	guard sync.RWMutex
	epoch int64
	by    map[counted]records.Record
}

// counted is a value of a facet.
type counted struct {
	of    search.FacetName
	value string
}

// mostCounted bounds what is kept.
const mostCounted = 20_000

func (f *facetValues) at(epoch int64, v counted) records.Record {
	f.guard.RLock()
	defer f.guard.RUnlock()
	if f.epoch != epoch {
		return nil
	}
	return f.by[v]
}

func (f *facetValues) keep(epoch int64, v counted, r records.Record) {
	f.guard.Lock()
	defer f.guard.Unlock()
	if epoch < f.epoch {
		return
	}
	if epoch > f.epoch || f.by == nil || len(f.by) >= mostCounted {
		f.epoch, f.by = epoch, map[counted]records.Record{}
	}
	f.by[v] = r
}

// recordedFacets are the facets of counts, by the rules of facets.
func (p readRoots) recordedFacets(a records.Asked, epoch int64, counts map[search.FacetName][]search.FacetCount, names []search.FacetName) (out []records.Record, ok bool) {
	if counts == nil {
		return nil, true
	}
	facet, value := p.shape.Type("Facet"), p.shape.Type("FacetValue")
	for _, name := range names {
		values := make([]records.Record, 0, len(counts[name]))
		for _, c := range counts[name] {
			one := p.facetValue(a, epoch, counted{name, c.Value})
			if one == nil {
				return nil, false
			}
			values = append(values, value.With(one, "count", strconv.AppendInt(nil, int64(c.Count), 10)))
		}
		out = append(out, facet.Of(records.Fields{{"name", jsonText(string(name))}, {"values", records.List(values)}}))
	}
	return out, true
}

// facetValue is the record of what a facet counts, without how often; nil where what names it is not to be had.
func (p readRoots) facetValue(a records.Asked, epoch int64, v counted) records.Record {
	if kept := p.values.at(epoch, v); kept != nil {
		return kept
	}
	var one records.Fields
	if id, err := uuid.Parse(v.value); err != nil {
		words := labels[v.of][v.value]
		one = records.Fields{{"value", jsonText(v.value)}, {"label", jsonText(words[0])}, {"labelEn", jsonText(words[1])}}
	} else {
		of, prefix := p.shape.Type("Organisation"), organisationID
		if v.of == search.FacetDomain {
			of, prefix = p.shape.Type("Domain"), domainID
		}
		named := a.Need(epoch, of, id)
		if named == nil {
			return nil
		}
		one = records.Fields{{"value", jsonText(publicid.Encode(prefix, id))}, {"label", of.Value(named[0], "name")}, {"labelEn", of.Value(named[0], "nameEn")}}
	}
	made := p.shape.Type("FacetValue").Of(one)
	p.values.keep(epoch, v, made)
	return made
}
