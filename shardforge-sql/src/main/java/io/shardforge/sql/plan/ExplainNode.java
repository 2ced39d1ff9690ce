package io.shardforge.sql.plan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A plan node as EXPLAIN shows it: a title, properties and the nodes below. */
final class ExplainNode {
  /** A node below with the label that goes before it ("InitPlan 1", "CTE x"), or an empty one. */
  record Child(String label, ExplainNode node) {}

  private final String title;
  private final PlanNode plan;
  private final Map<String, Object> properties = new LinkedHashMap<>();
  private final List<Child> children = new ArrayList<>();

  ExplainNode(String title, PlanNode plan) {
    this.title = title;
    this.plan = plan;
  }

  String title() {
    return title;
  }

  PlanNode plan() {
    return plan;
  }

  /** Texts, and lists of texts. */
  Map<String, Object> properties() {
    return properties;
  }

  List<Child> children() {
    return children;
  }

  ExplainNode with(String property, String value) {
    properties.put(property, value);
    return this;
  }

  ExplainNode with(String property, List<String> values) {
    properties.put(property, List.copyOf(values));
    return this;
  }

  ExplainNode add(ExplainNode child) {
    children.add(new Child("", child));
    return this;
  }

  ExplainNode add(String label, ExplainNode child) {
    children.add(new Child(label, child));
    return this;
  }
}
