// What the API server knows of a PrometheusRule, monitoring.coreos.com/v1; the form is told in outline.ts.

export const prometheusRuleOutline = `
PrometheusRule
  ObjectMeta metadata
  PrometheusRuleSpec spec*
PrometheusRuleSpec
  [name]PrometheusRuleGroup groups
PrometheusRuleGroup
  text name* interval query_offset partial_response_strategy
  {}text labels
  integer limit
  []PrometheusRuleRule rules
PrometheusRuleRule
  text record alert for keep_firing_for
  intOrText expr*
  {}text labels annotations
`
