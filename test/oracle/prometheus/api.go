package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/common/promslog"
	"github.com/prometheus/common/route"
	"github.com/prometheus/prometheus/config"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/rules"
	"github.com/prometheus/prometheus/scrape"
	v1 "github.com/prometheus/prometheus/web/api/v1"
)

// A server that scrapes nothing, has no rules and tells no Alertmanager.
type idle struct{}

func (idle) TargetsActive() map[string][]*scrape.Target            { return nil }
func (idle) TargetsDropped() map[string][]*scrape.Target           { return nil }
func (idle) TargetsDroppedCounts() map[string]int                  { return nil }
func (idle) ScrapePools() []string                                 { return nil }
func (idle) ScrapePoolConfig(string) (*config.ScrapeConfig, error) { return nil, errors.New("none") }
func (idle) RuleGroups() []*rules.Group                            { return nil }
func (idle) AlertingRules() []*rules.AlertingRule                  { return nil }
func (idle) Alertmanagers() []*url.URL                             { return nil }
func (idle) DroppedAlertmanagers() []*url.URL                      { return nil }

// request answers {"request": "/api/v1/query?query=up", "form": "time=5"} with status, content type and body; a form
// makes it a POST.
func (o *oracle) request(line json.RawMessage) (answer, error) {
	question := struct {
		Request string
		Form    *string
	}{}
	if err := json.Unmarshal(line, &question); err != nil {
		return nil, err
	}
	if o.samples.db == nil {
		return nil, errors.New("a request before any series")
	}
	asked := httptest.NewRequest(http.MethodGet, question.Request, nil)
	if question.Form != nil {
		asked = httptest.NewRequest(http.MethodPost, question.Request, strings.NewReader(*question.Form))
		asked.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answered := httptest.NewRecorder()
	o.samples.api().ServeHTTP(answered, asked)
	return answer{
		"status": answered.Code,
		"type":   answered.Header().Get("Content-Type"),
		"body":   answered.Body.String(),
	}, nil
}

func (s *samples) api() http.Handler {
	if s.handler != nil {
		return s.handler
	}
	api := v1.NewAPI(
		engine, s.db, nil, nil, s.db,
		func(context.Context) v1.ScrapePoolsRetriever { return idle{} },
		func(context.Context) v1.TargetRetriever { return idle{} },
		func(context.Context) v1.AlertmanagerRetriever { return idle{} },
		func() config.Config { return config.Config{} },
		nil, v1.GlobalURLOptions{},
		func(next http.HandlerFunc) http.HandlerFunc { return next },
		nil, "", false, false, 0,
		promslog.NewNopLogger(),
		func(context.Context) v1.RulesRetriever { return idle{} },
		0, 0, 0, false, nil, nil, &v1.PrometheusVersion{}, nil, nil,
		prometheus.NewRegistry(), nil, nil, false, nil, false, false, false, false, 0, false, false, nil, nil,
		v1.OpenAPIOptions{}, parser.NewParser(parser.Options{}),
	)
	router := route.New()
	api.Register(router.WithPrefix("/api/v1"))
	s.handler = router
	return router
}
