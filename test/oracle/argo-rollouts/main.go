// Oracle puts questions to Argo Rollouts' own functions: one JSON object a line in, one a line out.
//
//	{"ask": "condition", "vector": ["0.1", "NaN"], "success": "result[0] < 0.5"}   "scalar" or "json" instead of "vector"
//	{"ask": "replicas", "replicas": 10, "weight": 20, "maxSurge": "25%", "stable": {"spec": 10, "available": 10}, …}
//	{"ask": "routed", …the same, "dynamicStableScale", "minPods", "abort", "weights": {"canary": 20, "stable": 80}}
//	{"ask": "rollout", "rollout": {…the manifest}}   what its validation says first of the spec
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/v1alpha1"
	"github.com/argoproj/argo-rollouts/pkg/apis/rollouts/validation"
	"github.com/argoproj/argo-rollouts/utils/evaluate"
	"github.com/argoproj/argo-rollouts/utils/replicaset"
	"github.com/sirupsen/logrus"
	apps "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func main() {
	// What the controller logs is not an answer.
	logrus.SetOutput(io.Discard)
	if err := answerAll(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

func answerAll(in io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 16<<20)
	buffered := bufio.NewWriter(out)
	defer buffered.Flush()
	// encoding/json sorts the keys of maps and escapes <, > and &, so that an answer has one form only.
	answers := json.NewEncoder(buffered)
	for lines.Scan() {
		asked := question{}
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			return err
		}
		if err := answers.Encode(asked.answer()); err != nil {
			return err
		}
	}
	return lines.Err()
}

type answer map[string]any

type question struct {
	Ask string

	// Of a condition.
	Vector  []string
	Scalar  *string
	JSON    json.RawMessage
	Success string
	Failure string

	// Of sizes.
	Replicas           int32
	Weight             int32
	MaxSurge           *intstr.IntOrString
	MaxUnavailable     *intstr.IntOrString
	Canary             *size
	Stable             *size
	Others             []size
	Abort              bool
	DynamicStableScale bool
	MinPods            *int32
	Weights            *struct{ Canary, Stable int32 }

	// Of a manifest.
	Rollout v1alpha1.Rollout
}

// size is a ReplicaSet: what it should have, what it has (as many, unless said), how many of those serve.
type size struct {
	Spec      *int32
	Actual    *int32
	Available int32
}

func (q question) answer() (given answer) {
	// A crash of the controller is an answer, too.
	defer func() {
		if crash := recover(); crash != nil {
			given = answer{"panic": fmt.Sprint(crash)}
		}
	}()
	switch q.Ask {
	case "condition":
		return q.condition()
	case "replicas":
		return q.sizes(nil)
	case "routed":
		return q.sizes(&v1alpha1.RolloutTrafficRouting{Nginx: &v1alpha1.NginxTrafficRouting{}})
	case "rollout":
		return q.refusal()
	}
	return answer{"error": "ask condition, replicas, routed or rollout"}
}

// refusal is empty for a spec that the controller takes.
func (q question) refusal() answer {
	if complaints := validation.ValidateRollout(&q.Rollout); len(complaints) > 0 {
		return answer{"refused": complaints[0].Error()}
	}
	return answer{}
}

func (q question) condition() answer {
	metric := v1alpha1.Metric{SuccessCondition: q.Success, FailureCondition: q.Failure}
	phase, err := evaluate.EvaluateResult(q.result(), metric, *logrus.NewEntry(logrus.StandardLogger()))
	if err != nil {
		return answer{"phase": phase, "message": err.Error()}
	}
	return answer{"phase": phase}
}

// result is what a provider would hand over; samples are texts because JSON knows neither NaN nor infinities.
func (q question) result() any {
	if q.Scalar != nil {
		return sample(*q.Scalar)
	}
	if q.JSON != nil {
		var decoded any
		_ = json.Unmarshal(q.JSON, &decoded)
		return decoded
	}
	samples := make([]float64, 0, len(q.Vector))
	for _, text := range q.Vector {
		samples = append(samples, sample(text))
	}
	return samples
}

func sample(text string) float64 {
	number, _ := strconv.ParseFloat(text, 64)
	return number
}

func (q question) sizes(routing *v1alpha1.RolloutTrafficRouting) answer {
	rollout := q.rollout(routing)
	canary, stable := q.Canary.replicaSet("canary"), q.Stable.replicaSet("stable")
	others := make([]*apps.ReplicaSet, 0, len(q.Others))
	for at := range q.Others {
		others = append(others, q.Others[at].replicaSet("other"+strconv.Itoa(at)))
	}
	if routing == nil {
		newSize, stableSize := replicaset.CalculateReplicaCountsForBasicCanary(rollout, canary, stable, others)
		reached := replicaset.AtDesiredReplicaCountsForCanary(rollout, canary, stable, others, nil)
		return answer{"canary": newSize, "stable": stableSize, "atDesired": reached}
	}
	weights := rollout.Status.Canary.Weights
	newSize, stableSize := replicaset.CalculateReplicaCountsForTrafficRoutedCanary(rollout, canary, stable, weights)
	reached := replicaset.AtDesiredReplicaCountsForCanary(rollout, canary, stable, others, weights)
	return answer{"canary": newSize, "stable": stableSize, "atDesired": reached}
}

// rollout stands in its first step, which sets the weight.
func (q question) rollout(routing *v1alpha1.RolloutTrafficRouting) *v1alpha1.Rollout {
	first := int32(0)
	rollout := &v1alpha1.Rollout{}
	rollout.Spec.Replicas = &q.Replicas
	rollout.Spec.Strategy.Canary = &v1alpha1.CanaryStrategy{
		Steps:                []v1alpha1.CanaryStep{{SetWeight: &q.Weight}, {Pause: &v1alpha1.RolloutPause{}}},
		MaxSurge:             q.MaxSurge,
		MaxUnavailable:       q.MaxUnavailable,
		TrafficRouting:       routing,
		DynamicStableScale:   q.DynamicStableScale,
		MinPodsPerReplicaSet: q.MinPods,
	}
	rollout.Status.Abort = q.Abort
	rollout.Status.CurrentStepIndex = &first
	rollout.Status.CurrentPodHash = "canary"
	rollout.Status.StableRS = "stable"
	if q.Weights != nil && routing != nil {
		rollout.Status.Canary.Weights = &v1alpha1.TrafficWeights{
			Canary: v1alpha1.WeightDestination{Weight: q.Weights.Canary},
			Stable: v1alpha1.WeightDestination{Weight: q.Weights.Stable},
		}
	}
	return rollout
}

func (s *size) replicaSet(hash string) *apps.ReplicaSet {
	if s == nil {
		return nil
	}
	set := &apps.ReplicaSet{}
	set.Name = hash
	set.Labels = map[string]string{v1alpha1.DefaultRolloutUniqueLabelKey: hash}
	set.Spec.Replicas = s.Spec
	set.Status.AvailableReplicas = s.Available
	switch {
	case s.Actual != nil:
		set.Status.Replicas = *s.Actual
	case s.Spec != nil:
		set.Status.Replicas = *s.Spec
	}
	return set
}
