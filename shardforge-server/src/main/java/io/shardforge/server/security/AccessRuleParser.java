package io.shardforge.server.security;

import io.shardforge.server.security.AccessRule.Address;
import io.shardforge.server.security.AccessRule.ClientCertificate;
import io.shardforge.server.security.AccessRule.Method;
import io.shardforge.server.security.AccessRule.Name;
import io.shardforge.server.security.AccessRule.Transport;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads access rules in the form of PostgreSQL's pg_hba.conf ("The pg_hba.conf File" in its
 * manual): fields between blanks, names of a field between commas, quotes that take a word its
 * meaning, comments from {@code #} on, a backslash at the end of a line that goes on. What that
 * form has and this server has not (included files, regular expressions, host names, methods that
 * ask another service) is a fault that says so.
 */
final class AccessRuleParser {
  private static final Set<String> OTHER_METHODS =
      Set.of("peer", "ident", "gss", "sspi", "pam", "bsd", "ldap", "radius", "oauth");

  private final List<AccessRule> rules = new ArrayList<>();
  private final List<AccessRules.Fault> faults = new ArrayList<>();

  private AccessRuleParser() {}

  static AccessRules parse(List<String> lines) {
    AccessRuleParser parser = new AccessRuleParser();
    for (int i = 0; i < lines.size(); i++) {
      int first = i + 1;
      StringBuilder whole = new StringBuilder(lines.get(i));
      while (whole.toString().endsWith("\\") && i + 1 < lines.size()) {
        whole.setLength(whole.length() - 1);
        whole.append(lines.get(++i));
      }
      parser.line(first, whole.toString());
    }
    return new AccessRules(parser.rules, parser.faults);
  }

  /** Why a line is no rule. */
  private static final class NoRuleException extends Exception {
    @java.io.Serial private static final long serialVersionUID = 1L;

    NoRuleException(String message) {
      super(message);
    }
  }

  private void line(int number, String text) {
    try {
      List<List<Name>> fields = fields(text);
      if (!fields.isEmpty()) {
        rules.add(rule(number, fields.iterator()));
      }
    } catch (NoRuleException e) {
      faults.add(new AccessRules.Fault(number, String.valueOf(e.getMessage())));
    }
  }

  private static List<List<Name>> fields(String text) throws NoRuleException {
    List<List<Name>> fields = new ArrayList<>();
    boolean goesOn = false;
    int at = 0;
    while (true) {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      if (at == text.length() || text.charAt(at) == '#') {
        return fields;
      }
      StringBuilder word = new StringBuilder();
      boolean quoted = false;
      boolean within = false;
      for (; at < text.length(); at++) {
        char c = text.charAt(at);
        if (c == '"') {
          within = !within;
          quoted = true;
        } else if (!within && (Character.isWhitespace(c) || c == ',' || c == '#')) {
          break;
        } else {
          word.append(c);
        }
      }
      if (within) {
        throw new NoRuleException("unterminated quoted string");
      }
      if (!goesOn) {
        fields.add(new ArrayList<>());
      }
      fields.getLast().add(new Name(word.toString(), quoted));
      goesOn = at < text.length() && text.charAt(at) == ',';
      if (goesOn) {
        at++;
      }
    }
  }

  private static AccessRule rule(int line, Iterator<List<Name>> fields) throws NoRuleException {
    Transport transport = transport(single(fields.next(), "connection type"));
    List<Name> databases = names(next(fields, "database"), "database");
    List<Name> users = names(next(fields, "role"), "role");
    Address address = null;
    if (transport != Transport.LOCAL) {
      address = address(single(next(fields, "IP address"), "host address"), fields);
    }
    String word = single(next(fields, "authentication method"), "authentication type");
    Method method =
        Method.of(word)
            .orElseThrow(() ->
                new NoRuleException(
                    OTHER_METHODS.contains(word)
                        ? "authentication method \"%s\" is not supported".formatted(word)
                        : "invalid authentication method \"%s\"".formatted(word)));
    ClientCertificate certificate = ClientCertificate.NOT_NEEDED;
    if (method == Method.CERTIFICATE) {
      requireEncrypted(transport, "cert authentication is only supported on hostssl connections");
      certificate = ClientCertificate.OF_USER;
    }
    List<String> options = new ArrayList<>();
    while (fields.hasNext()) {
      for (Name option : fields.next()) {
        options.add(option.text());
        certificate = option(option.text(), transport, method);
      }
    }
    return new AccessRule(line, transport, databases, users, address, method, certificate, options);
  }

  private static List<Name> next(Iterator<List<Name>> fields, String what) throws NoRuleException {
    if (!fields.hasNext()) {
      throw new NoRuleException("end-of-line before " + what + " specification");
    }
    return fields.next();
  }

  private static String single(List<Name> field, String what) throws NoRuleException {
    if (field.size() > 1) {
      throw new NoRuleException("multiple values specified for " + what);
    }
    return field.getFirst().text();
  }

  private static Transport transport(String word) throws NoRuleException {
    for (Transport transport : Transport.values()) {
      if (transport.word().equals(word)) {
        return transport;
      }
    }
    throw new NoRuleException(
        switch (word) {
          case "hostgssenc", "hostnogssenc" ->
              "connection type \"%s\" is not supported".formatted(word);
          case "include", "include_if_exists", "include_dir" ->
              "\"%s\" is not supported".formatted(word);
          default -> "invalid connection type \"%s\"".formatted(word);
        });
  }

  private static List<Name> names(List<Name> field, String what) throws NoRuleException {
    for (Name name : field) {
      if (!name.quoted() && name.text().startsWith("@")) {
        throw new NoRuleException(
            "names from a file (\"%s\") are not supported".formatted(name.text()));
      }
      if (!name.quoted() && name.text().startsWith("/")) {
        throw new NoRuleException(
            "a regular expression as %s (\"%s\") is not supported".formatted(what, name.text()));
      }
    }
    return field;
  }

  private static @Nullable Address address(String text, Iterator<List<Name>> fields)
      throws NoRuleException {
    switch (text) {
      case "all" -> {
        return null;
      }
      case "samehost" -> {
        return new Address.SameHost();
      }
      case "samenet" -> {
        return new Address.SameNetwork();
      }
      default -> {}
    }
    if (!text.matches("[0-9a-fA-F.:]+(/.*)?")) {
      throw new NoRuleException("host names (\"%s\") are not supported".formatted(text));
    }
    if (text.contains("/")) {
      return network(AddressRange.parse(text), "invalid address \"%s\"".formatted(text));
    }
    if (!fields.hasNext()) {
      throw new NoRuleException("end-of-line before netmask specification");
    }
    String mask = single(fields.next(), "netmask");
    return network(
        AddressRange.parse(text, mask),
        "invalid address \"%s\" or IP mask \"%s\"".formatted(text, mask));
  }

  private static Address network(Optional<AddressRange> range, String otherwise)
      throws NoRuleException {
    return new Address.Network(range.orElseThrow(() -> new NoRuleException(otherwise)));
  }

  private static ClientCertificate option(String text, Transport transport, Method method)
      throws NoRuleException {
    int equals = text.indexOf('=');
    if (equals < 0) {
      throw new NoRuleException("authentication option not in name=value format: " + text);
    }
    String name = text.substring(0, equals);
    if (!name.equals("clientcert")) {
      throw new NoRuleException("authentication option \"%s\" is not supported".formatted(name));
    }
    requireEncrypted(transport, "clientcert can only be configured for \"hostssl\" rows");
    String value = text.substring(equals + 1).toLowerCase(Locale.ROOT);
    return switch (value) {
      case "verify-full" -> ClientCertificate.OF_USER;
      case "verify-ca" -> {
        if (method == Method.CERTIFICATE) {
          throw new NoRuleException(
              "clientcert only accepts \"verify-full\" when using \"cert\" authentication");
        }
        yield ClientCertificate.KNOWN;
      }
      default -> throw new NoRuleException("invalid value for clientcert: \"%s\"".formatted(value));
    };
  }

  private static void requireEncrypted(Transport transport, String otherwise)
      throws NoRuleException {
    if (transport != Transport.HOSTSSL) {
      throw new NoRuleException(otherwise);
    }
  }
}
