package io.shardforge.server.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A query whose constants became parameters; the same constant is the same parameter. */
record Parameters(String prepare, String execute) {
  private static final Pattern LITERAL =
      Pattern.compile("'((?:[^']|'')*)'::([a-z0-9]+(?:\\[\\])?)");

  static Parameters of(String sql) {
    List<String> literals = new ArrayList<>();
    List<String> types = new ArrayList<>();
    Matcher matcher = LITERAL.matcher(sql);
    String asked =
        matcher.replaceAll(match -> {
          if (!literals.contains(match.group())) {
            literals.add(match.group());
            types.add(match.group(2));
          }
          return "\\$" + (1 + literals.indexOf(match.group()));
        });
    String declared = types.isEmpty() ? "" : "(" + String.join(", ", types) + ")";
    String given = literals.isEmpty() ? "" : "(" + String.join(", ", literals) + ")";
    return new Parameters("prepare p" + declared + " as " + asked, "execute p" + given);
  }
}
