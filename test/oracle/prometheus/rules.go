package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"math"
	"slices"
	"sort"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/model/value"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/prometheus/prometheus/rules"
	"github.com/prometheus/prometheus/tsdb/chunkenc"
)

var (
	// A server's, that no feature is enabled on; promtool's takes expressions as durations, too.
	ruleParser = parser.NewParser(parser.Options{})
	silent     = slog.New(slog.DiscardHandler)
)

// rules answers {"rules": "groups: …"}: what is wrong with a rule file, and which rules are there twice. With "series",
// "step" and "until" (seconds) beside it, its groups are evaluated on them: each at the multiples of its interval, those
// of one instant in their order.
func (o *oracle) rules(line json.RawMessage) (answer, error) {
	question := struct {
		Rules  string
		Series []string
		Until  float64
	}{}
	if err := json.Unmarshal(line, &question); err != nil {
		return nil, err
	}
	groups, errs := rulefmt.Parse([]byte(question.Rules), false, model.UTF8Validation, ruleParser, silent)
	if len(errs) > 0 {
		told := []string{}
		for _, err := range errs {
			told = append(told, err.Error())
		}
		return answer{"errors": told}, nil
	}
	if question.Series == nil {
		return answer{"duplicates": duplicates(groups.Groups)}, nil
	}
	if loaded, err := o.load(line); err != nil || loaded["error"] != nil {
		return loaded, err
	}
	running, err := o.groups(groups.Groups)
	if err != nil {
		return nil, err
	}
	for _, at := range evaluations(running, question.Until) {
		at.group.Eval(context.Background(), time.UnixMilli(at.ms).UTC())
	}
	written, err := o.written(groups.Groups)
	if err != nil {
		return nil, err
	}
	return answer{"written": written, "rules": states(running)}, nil
}

// duplicates are the names of rules that have the name and the labels of another.
func duplicates(groups []rulefmt.RuleGroup) []string {
	seen, twice := map[string]int{}, []string{}
	for _, group := range groups {
		for _, rule := range group.Rules {
			name := rule.Record
			if rule.Alert != "" {
				name = rule.Alert
			}
			key := name + rules.FromMaps(group.Labels, rule.Labels).String()
			if seen[key]++; seen[key] == 2 {
				twice = append(twice, name)
			}
		}
	}
	sort.Strings(twice)
	return twice
}

func (o *oracle) groups(read []rulefmt.RuleGroup) ([]*rules.Group, error) {
	options := &rules.ManagerOptions{
		QueryFunc:  rules.EngineQueryFunc(engine, o.samples.db),
		NotifyFunc: func(context.Context, string, ...*rules.Alert) {},
		Context:    context.Background(),
		Appendable: o.samples.db,
		Queryable:  o.samples.db,
		Logger:     silent,
	}
	running := []*rules.Group{}
	for _, group := range read {
		of := []rules.Rule{}
		for _, rule := range group.Rules {
			expression, err := ruleParser.ParseExpr(rule.Expr)
			if err != nil {
				return nil, err
			}
			all := rules.FromMaps(group.Labels, rule.Labels)
			if rule.Alert == "" {
				of = append(of, rules.NewRecordingRule(rule.Record, expression, all))
				continue
			}
			of = append(of, rules.NewAlertingRule(rule.Alert, expression, time.Duration(rule.For),
				time.Duration(rule.KeepFiringFor), all, labels.FromMap(rule.Annotations), labels.EmptyLabels(),
				"http://prometheus:9090", true, silent))
		}
		interval := time.Duration(group.Interval)
		if interval == 0 {
			interval = time.Minute
		}
		running = append(running, rules.NewGroup(rules.GroupOptions{
			Name: group.Name, File: "rules.yaml", Interval: interval, Limit: group.Limit, Rules: of, Opts: options,
			QueryOffset: (*time.Duration)(group.QueryOffset),
		}))
	}
	return running, nil
}

type evaluation struct {
	group *rules.Group
	ms    int64
}

func evaluations(groups []*rules.Group, untilSeconds float64) []evaluation {
	all := []evaluation{}
	for _, group := range groups {
		every := group.Interval().Milliseconds()
		for ms := every; ms <= int64(math.Round(untilSeconds*1000)); ms += every {
			all = append(all, evaluation{group, ms})
		}
	}
	slices.SortStableFunc(all, func(a, b evaluation) int { return int(a.ms - b.ms) })
	return all
}

// written are the samples of the series that rules write, "stale" where one ends.
func (o *oracle) written(groups []rulefmt.RuleGroup) ([]answer, error) {
	names := map[string]bool{"ALERTS": true, "ALERTS_FOR_STATE": true}
	for _, group := range groups {
		for _, rule := range group.Rules {
			names[rule.Record] = true
		}
	}
	querier, err := o.samples.db.Querier(math.MinInt64, math.MaxInt64)
	if err != nil {
		return nil, err
	}
	defer querier.Close()
	told := []answer{}
	set := querier.Select(context.Background(), true, nil, labels.MustNewMatcher(labels.MatchRegexp, labels.MetricName, ".+"))
	for set.Next() {
		series := set.At()
		if !names[series.Labels().Get(labels.MetricName)] {
			continue
		}
		points := [][2]any{}
		samples := series.Iterator(nil)
		for samples.Next() == chunkenc.ValFloat {
			ms, float := samples.At()
			shown := number(float)
			if value.IsStaleNaN(float) {
				shown = "stale"
			}
			points = append(points, [2]any{float64(ms) / 1000, shown})
		}
		told = append(told, answer{"metric": series.Labels().Map(), "points": points})
	}
	return told, set.Err()
}

// states are what /api/v1/rules tells of each rule.
func states(groups []*rules.Group) []answer {
	told := []answer{}
	for _, group := range groups {
		for _, rule := range group.Rules() {
			state := answer{"name": rule.Name(), "health": string(rule.Health()), "error": ""}
			if err := rule.LastError(); err != nil {
				state["error"] = err.Error()
			}
			if alerting, is := rule.(*rules.AlertingRule); is {
				state["alerts"] = alerts(alerting)
			}
			told = append(told, state)
		}
	}
	return told
}

func alerts(rule *rules.AlertingRule) []answer {
	told := []answer{}
	rule.ForEachActiveAlert(func(alert *rules.Alert) {
		told = append(told, answer{
			"labels": alert.Labels.Map(), "annotations": alert.Annotations.Map(), "state": alert.State.String(),
			"value": number(alert.Value), "activeAt": seconds(alert.ActiveAt), "resolvedAt": seconds(alert.ResolvedAt),
			"firedAt": seconds(alert.FiredAt), "keepFiringSince": seconds(alert.KeepFiringSince),
		})
	})
	return told
}

// seconds are nil for a time that hasn't come.
func seconds(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return float64(at.UnixMilli()) / 1000
}
