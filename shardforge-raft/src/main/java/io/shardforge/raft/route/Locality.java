package io.shardforge.raft.route;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The place that a node is in, from the widest to the narrowest: {@code region=eu,zone=a}. Nodes in
 * one place are expected to fail together.
 *
 * @param tiers each {@code name=value}; none where nothing was said
 */
public record Locality(List<String> tiers) {
  /** No place that is known. */
  public static final Locality NONE = new Locality(List.of());

  /** As many tiers are taken, each of so many characters on either side. */
  private static final int TIERS_MAX = 8;

  private static final Pattern TIER =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}=[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  public Locality {
    tiers = List.copyOf(tiers);
  }

  /** The locality of a text; refuses one that is none. */
  public static Locality parse(String text) {
    if (text.isEmpty()) {
      return NONE;
    }
    List<String> tiers = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String part : text.split(",", -1)) {
      String tier = part.strip();
      if (!TIER.matcher(tier).matches()) {
        throw new IllegalArgumentException(
            "'" + tier + "' is not of the form name=value, as in region=eu,zone=a");
      }
      if (!names.add(tier.substring(0, tier.indexOf('=')))) {
        throw new IllegalArgumentException("'" + tier + "' names a tier for the second time");
      }
      tiers.add(tier);
    }
    if (tiers.size() > TIERS_MAX) {
      throw new IllegalArgumentException("there are more than " + TIERS_MAX + " tiers");
    }
    return new Locality(tiers);
  }

  /** How many tiers it has. */
  public int depth() {
    return tiers.size();
  }

  /**
   * How many of {@code depth} tiers two places share, counted from the widest. A tier that was not
   * given is one of its own, so places without any are taken for the same.
   */
  public int sharedWith(Locality other, int depth) {
    int shared = 0;
    while (shared < depth && tier(shared).equals(other.tier(shared))) {
      shared++;
    }
    return shared;
  }

  private String tier(int at) {
    return at < tiers.size() ? tiers.get(at) : "";
  }

  @Override
  public String toString() {
    return String.join(",", tiers);
  }
}
