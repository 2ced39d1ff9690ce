package io.shardforge.server.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The texts that were given for options, each with where it came from; flags win over all else. */
final class Settings {
  /** Variables that belong to the launcher or hold secrets, and so are not options. */
  private static final Set<String> OTHER_VARIABLES =
      Set.of(
          "SHARDFORGE_PASSWORD",
          AlertSettings.WEBHOOK_TOKEN,
          AlertSettings.SMTP_PASSWORD,
          "SHARDFORGE_HEAP",
          "SHARDFORGE_JAVA_OPTS",
          "SHARDFORGE_LIBPGQUERY");

  /** What Kubernetes sets for a service of this name. */
  private static final Pattern SERVICE_VARIABLE =
      Pattern.compile("SHARDFORGE_(.+_)?(SERVICE_HOST|(SERVICE_)?PORT(_.*)?)");

  /** A text and, for messages, where it was found. */
  record Given(String text, String origin) {}

  private final Map<Option, Given> given = new EnumMap<>(Option.class);

  private Settings() {}

  static Settings read(List<String> arguments, Map<String, String> environment) {
    Settings settings = new Settings();
    Settings flags = new Settings();
    flags.addFlags(arguments);
    Settings variables = new Settings();
    variables.addVariables(environment);
    Given file = flags.given.get(Option.CONFIG);
    if (file == null) {
      file = variables.given.get(Option.CONFIG);
    }
    if (file != null) {
      settings.addFile(Path.of(file.text), file.origin);
    }
    settings.given.putAll(variables.given);
    settings.given.putAll(flags.given);
    return settings;
  }

  @Nullable Given get(Option option) {
    return given.get(option);
  }

  private void addFlags(List<String> arguments) {
    for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
      String argument = rest.next();
      if (!argument.startsWith("--")) {
        throw new ConfigException("'" + argument + "' is not an option; options begin with --.");
      }
      int equals = argument.indexOf('=');
      String key = argument.substring(2, equals < 0 ? argument.length() : equals);
      Option option = known(key, "on the command line");
      String text;
      if (equals >= 0) {
        text = argument.substring(equals + 1);
      } else if (option.isSwitch()) {
        text = "true";
      } else if (rest.hasNext()) {
        text = rest.next();
      } else {
        throw new ConfigException("--" + key + " needs a value.");
      }
      add(option, text, "--" + key);
    }
  }

  private void addVariables(Map<String, String> environment) {
    environment.forEach((name, text) -> {
      if (!name.startsWith(ServerConfig.VARIABLE_PREFIX)
          || OTHER_VARIABLES.contains(name)
          || SERVICE_VARIABLE.matcher(name).matches()) {
        return;
      }
      for (Option option : Option.values()) {
        if (option.variable().equals(name)) {
          if (!text.isEmpty()) {
            add(option, text, name);
          }
          return;
        }
      }
      throw new ConfigException(
          "The environment variable "
              + name
              + " names no option. Known options are "
              + Option.knownKeys()
              + ".");
    });
  }

  private void addFile(Path file, String origin) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new ConfigException(
          "The configuration file " + file + " (" + origin + ") cannot be read: " + e.getMessage());
    }
    for (int number = 1; number <= lines.size(); number++) {
      String line = lines.get(number - 1).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String where = file + " line " + number;
      int equals = line.indexOf('=');
      if (equals < 0) {
        throw new ConfigException(where + " is not of the form 'key = value': " + line);
      }
      Option option = known(line.substring(0, equals).strip(), "in " + where);
      if (option == Option.CONFIG) {
        throw new ConfigException(where + ": a configuration file cannot name another.");
      }
      add(option, line.substring(equals + 1).strip(), where);
    }
  }

  private void add(Option option, String text, String origin) {
    Given earlier = given.put(option, new Given(text, origin));
    if (earlier != null) {
      throw new ConfigException(
          "The option '" + option.key() + "' is given twice: " + earlier.origin + ", " + origin);
    }
  }

  private static Option known(String key, String where) {
    return Option.of(key)
        .orElseThrow(() ->
            new ConfigException(
                "There is no option '"
                    + key
                    + "' ("
                    + where
                    + "). Known options are "
                    + Option.knownKeys()
                    + "."));
  }
}
