package server

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"gongshu/internal/outbox"
	"gongshu/internal/store"
)

// metrics are what Prometheus is told. Labels are closed sets: routes, statuses, types of operation, states.
type metrics struct {
	registry   *prometheus.Registry
	requests   *prometheus.HistogramVec
	operations *prometheus.HistogramVec
	statements *prometheus.HistogramVec
	webhooks   *prometheus.CounterVec
	reads      *prometheus.CounterVec
}

func newMetrics(s *store.Store) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "gongshu_http_request_seconds", Help: "Duration of HTTP requests.",
			Buckets: []float64{.001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"route", "status"}),
		operations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "gongshu_graphql_operation_seconds", Help: "Duration of GraphQL operations; type refused never became one.",
			Buckets: []float64{.001, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"type", "status"}),
		statements: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "gongshu_graphql_statements", Help: "SQL statements of GraphQL operations.",
			Buckets: []float64{0, 1, 2, 5, 10, 15, 20, 30, 50, 100},
		}, []string{"type"}),
	}
	m.webhooks = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "gongshu_webhooks_total", Help: "Deliveries of payment providers: taken, failed, or why they were not taken for the provider's word.",
	}, []string{"outcome"})
	m.reads = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "gongshu_graphql_public_reads_total", Help: "Operations on what is public and on a buyer's own orders alone, by what answered them; resolvers do while a record is made anew.",
	}, []string{"from"})
	m.registry.MustRegister(m.reads, m.requests, m.operations, m.statements, m.webhooks, &outboxDepth{store: s},
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// recorded counts an operation that records could answer.
func (m *metrics) recorded(fromRecords bool) {
	from := "resolvers"
	if fromRecords {
		from = "records"
	}
	m.reads.WithLabelValues(from).Inc()
}

// holding tells what is held of the records in memory.
func (m *metrics) holding(held func() (records, bytes int, answered int64)) {
	m.registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "gongshu_catalogue_records", Help: "Public records of products that are held in memory."}, func() float64 {
			n, _, _ := held()
			return float64(n)
		}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "gongshu_catalogue_bytes", Help: "Memory that holds them."}, func() float64 {
			_, n, _ := held()
			return float64(n)
		}),
		prometheus.NewCounterFunc(prometheus.CounterOpts{Name: "gongshu_catalogue_reads_total", Help: "Times that they were read from memory, and not from the database."}, func() float64 {
			_, _, n := held()
			return float64(n)
		}),
	)
}

func (m *metrics) handler() http.Handler {
	// What can be told is told, even while the database is away.
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})
}

// outboxDepth counts what is promised and not done, when it is asked.
type outboxDepth struct {
	store *store.Store
	last  remembered[counted]
}

type counted struct {
	depth map[string]int
	err   error
}

var outboxJobs = prometheus.NewDesc("gongshu_outbox_jobs", "Promised jobs that are not done, by state; discarded are given up.", []string{"state"}, nil)

// Describe names the metric.
func (*outboxDepth) Describe(to chan<- *prometheus.Desc) { to <- outboxJobs }

// Collect counts.
func (d *outboxDepth) Collect(to chan<- prometheus.Metric) {
	last := d.last.get(func() (c counted) {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		c.depth, c.err = outbox.Depth(ctx, d.store.Reader())
		return c
	})
	if last.err != nil {
		to <- prometheus.NewInvalidMetric(outboxJobs, last.err)
		return
	}
	for state, n := range last.depth {
		to <- prometheus.MustNewConstMetric(outboxJobs, prometheus.GaugeValue, float64(n), state)
	}
}
