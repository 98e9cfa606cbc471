package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/template"
)

// templateQuestion asks to expand a label or annotation of an alert as its rule would:
//
//	{"template": {"alert": "A", "text": "{{ $value }}", "labels": {"job": "a"}, "value": "0.5", "externalLabels": {},
//	 "externalURL": "http://p", "at": 150, "samples": [{"labels": {}, "value": "1"}]}}
//
// The function query answers the samples, but an error where its text has "fail" in it. Answers are the text or the
// error, and "check" for what is wrong with the template itself. Values are texts because JSON knows no NaN.
type templateQuestion struct {
	Alert, Text    string
	Labels         map[string]string
	Value          string
	ExternalLabels map[string]string
	ExternalURL    string
	At             float64
	Samples        []templateSample
}

type templateSample struct {
	Labels map[string]string
	Value  string
}

func (o *oracle) template(line json.RawMessage) (answer, error) {
	asked := struct{ Template templateQuestion }{}
	if err := json.Unmarshal(line, &asked); err != nil {
		return nil, err
	}
	expander, err := asked.Template.expander()
	if err != nil {
		return nil, err
	}
	given := answer{}
	if err := expander.ParseTest(); err != nil {
		given["check"] = err.Error()
	}
	if text, err := expander.Expand(); err != nil {
		given["error"] = err.Error()
	} else {
		given["text"] = text
	}
	return given, nil
}

func (q templateQuestion) expander() (*template.Expander, error) {
	value, err := strconv.ParseFloat(q.Value, 64)
	if err != nil {
		return nil, err
	}
	externalURL, err := url.Parse(q.ExternalURL)
	if err != nil {
		return nil, err
	}
	definitions := []string{
		"{{$labels := .Labels}}",
		"{{$externalLabels := .ExternalLabels}}",
		"{{$externalURL := .ExternalURL}}",
		"{{$value := .Value}}",
	}
	return template.NewTemplateExpander(
		context.Background(),
		strings.Join(append(definitions, q.Text), ""),
		"__alert_"+q.Alert,
		template.AlertTemplateData(q.Labels, q.ExternalLabels, q.ExternalURL, promql.Sample{F: value}),
		model.TimeFromUnixNano(int64(q.At*1000)*int64(time.Millisecond)),
		q.query,
		externalURL,
		nil,
	), nil
}

func (q templateQuestion) query(_ context.Context, text string, _ time.Time) (promql.Vector, error) {
	if strings.Contains(text, "fail") {
		return nil, errors.New("no answer to " + text)
	}
	vector := make(promql.Vector, 0, len(q.Samples))
	for _, sample := range q.Samples {
		value, err := strconv.ParseFloat(sample.Value, 64)
		if err != nil {
			return nil, err
		}
		vector = append(vector, promql.Sample{Metric: labels.FromMap(sample.Labels), F: value})
	}
	return vector, nil
}
