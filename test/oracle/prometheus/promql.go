package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/tsdb"
)

// As a server that is given no flag has them, and an evaluation_interval of a minute.
var engine = promql.NewEngine(promql.EngineOpts{
	MaxSamples:               50_000_000,
	Timeout:                  time.Minute,
	EnableAtModifier:         true,
	EnableNegativeOffset:     true,
	NoStepSubqueryIntervalFn: func(int64) int64 { return time.Minute.Milliseconds() },
})

// samples are what queries are evaluated on.
type samples struct {
	db *tsdb.DB
	// The HTTP API in front of them, once somebody has asked it.
	handler http.Handler
}

// load answers {"series": ["errors{job=\"a\"} 0+1x10", …], "step": "15s"}: samples from time 0, in promtool's notation,
// instead of all loaded before.
func (o *oracle) load(line json.RawMessage) (answer, error) {
	question := struct {
		Series []string
		Step   string
	}{}
	if err := json.Unmarshal(line, &question); err != nil {
		return nil, err
	}
	if err := o.samples.close(); err != nil {
		return nil, err
	}
	if err := o.samples.open(); err != nil {
		return nil, err
	}
	if err := o.samples.append(question.Series, question.Step); err != nil {
		return failure(err), nil
	}
	return answer{"loaded": len(question.Series)}, nil
}

// evaluate answers {"query": "rate(errors[1m])", "at": 150}, in seconds, or "from", "to" and "every"; with
// "annotations": true also what the HTTP API would remark on.
func (o *oracle) evaluate(line json.RawMessage) (answer, error) {
	question := struct {
		Query           string
		At              *float64
		From, To, Every float64
		Annotations     bool
	}{}
	if err := json.Unmarshal(line, &question); err != nil {
		return nil, err
	}
	if o.samples.db == nil {
		return nil, errors.New("a query before any series")
	}
	query, err := o.prepare(question.Query, question.At, question.From, question.To, question.Every)
	if err != nil {
		return failure(err), nil
	}
	defer query.Close()
	result := query.Exec(context.Background())
	if result.Err != nil {
		return failure(result.Err), nil
	}
	given, err := told(result.Value)
	if err == nil && question.Annotations {
		warnings, infos := result.Warnings.AsStrings(question.Query, 0, 0)
		slices.Sort(warnings)
		slices.Sort(infos)
		given["warnings"], given["infos"] = warnings, infos
	}
	return given, err
}

func (o *oracle) prepare(text string, at *float64, from, to, every float64) (promql.Query, error) {
	if at != nil {
		return engine.NewInstantQuery(context.Background(), o.samples.db, nil, text, moment(*at))
	}
	step := time.Duration(every * float64(time.Second))
	return engine.NewRangeQuery(context.Background(), o.samples.db, nil, text, moment(from), moment(to), step)
}

func told(result parser.Value) (answer, error) {
	switch result := result.(type) {
	case promql.Scalar:
		return answer{"scalar": number(result.V)}, nil
	case promql.String:
		return answer{"string": result.V}, nil
	case promql.Vector:
		samples := []answer{}
		for _, sample := range result {
			samples = append(samples, answer{"metric": sample.Metric.Map(), "value": number(sample.F)})
		}
		return answer{"vector": samples}, nil
	case promql.Matrix:
		series := []answer{}
		for _, one := range result {
			points := [][2]any{}
			for _, point := range one.Floats {
				points = append(points, [2]any{float64(point.T) / 1000, number(point.F)})
			}
			series = append(series, answer{"metric": one.Metric.Map(), "points": points})
		}
		return answer{"matrix": series}, nil
	}
	return nil, fmt.Errorf("a result of type %T", result)
}

// number is a text, because JSON has neither NaN nor infinities.
func number(value float64) string { return fmt.Sprint(value) }

func moment(seconds float64) time.Time { return time.UnixMilli(int64(math.Round(seconds * 1000))) }

func failure(err error) answer { return answer{"error": err.Error()} }

func (s *samples) open() error {
	s.handler = nil
	dir, err := os.MkdirTemp("", "oracle")
	if err != nil {
		return err
	}
	options := tsdb.DefaultOptions()
	options.RetentionDuration = (100 * 365 * 24 * time.Hour).Milliseconds()
	// Nothing has to outlive this process.
	options.WALSegmentSize = -1
	s.db, err = tsdb.Open(dir, nil, nil, options, nil)
	return err
}

func (s *samples) close() error {
	if s.db == nil {
		return nil
	}
	err := s.db.Close()
	return errors.Join(err, os.RemoveAll(s.db.Dir()))
}

func (s *samples) append(series []string, step string) error {
	every, err := model.ParseDuration(step)
	if err != nil {
		return err
	}
	stepMs := time.Duration(every).Milliseconds()
	appender := s.db.Appender(context.Background())
	for _, text := range series {
		metric, values, err := parser.NewParser(parser.Options{}).ParseSeriesDesc(text)
		if err != nil {
			return err
		}
		for i, value := range values {
			if value.Histogram != nil {
				return fmt.Errorf("%s: a native histogram", text)
			}
			if !value.Omitted {
				if _, err := appender.Append(0, metric, int64(i)*stepMs, value.Value); err != nil {
					return err
				}
			}
		}
	}
	return appender.Commit()
}
