package io.shardforge.sql.function;

import io.shardforge.sql.expr.EvalContext;
import io.shardforge.sql.function.BackupFunctions.Secret;
import io.shardforge.sql.type.ArrayValue;
import io.shardforge.sql.type.TypeErrors;
import io.shardforge.storage.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The functions about backups, by their arguments. */
final class BackupCalls {
  private BackupCalls() {}

  static void register(FunctionTable t) {
    t.set(
        "shardforge_backup",
        (c, in) ->
            backups(c)
                .backup(
                    target(in),
                    names(in[1]),
                    texts(in[2]),
                    flag(in[3]),
                    flag(in[4]),
                    secret(in, 5)));
    t.set(
        "shardforge_restore",
        (c, in) ->
            backups(c)
                .restore(
                    target(in),
                    (String) in[1],
                    (Long) in[2],
                    names(in[3]),
                    (String) in[4],
                    (String) in[5],
                    (String) in[6],
                    secret(in, 7)));
    t.set(
        "shardforge_verify_backup",
        (c, in) -> backups(c).verify(target(in), (String) in[1], secret(in, 2)));
    t.set(
        "shardforge_schedule_backup",
        (c, in) ->
            schedules(c)
                .schedule(
                    text(in[0], "the name of the schedule"),
                    text(in[1], "the place of the backups"),
                    text(in[2], "the schedule"),
                    texts(in[3]),
                    flag(in[4]),
                    in[5] instanceof Long every ? every : 1,
                    keep(in[6]),
                    (String) in[7]));
    t.set("shardforge_backup_schedules", (c, in) -> schedules(c).schedules());
    t.of("shardforge_unschedule_backup", String.class, (c, name) -> schedules(c).unschedule(name));
    t.of(
        "shardforge_pause_backup_schedule",
        String.class,
        (c, name) -> schedules(c).pause(name, true));
    t.of(
        "shardforge_resume_backup_schedule",
        String.class,
        (c, name) -> schedules(c).pause(name, false));
    t.set("shardforge_backups", (c, in) -> backups(c).backups(target(in), secret(in, 1)));
  }

  private static BackupFunctions backups(EvalContext context) {
    return context.services().get(BackupFunctions.class);
  }

  private static ScheduleFunctions schedules(EvalContext context) {
    return context.services().get(ScheduleFunctions.class);
  }

  private static String target(@Nullable Object[] in) {
    return text(in[0], "the place of the backup");
  }

  private static String text(@Nullable Object value, String what) {
    if (!(value instanceof String text)) {
      throw TypeErrors.of(ErrorCode.NULL_VALUE_NOT_ALLOWED, what + " must be given");
    }
    return text;
  }

  /** Null is for all; nobody asks for none. */
  private static long keep(@Nullable Object value) {
    if (!(value instanceof Long chains)) {
      return 0;
    }
    return chains == 0 ? -1 : chains;
  }

  private static Secret secret(@Nullable Object[] in, int first) {
    return new Secret((String) in[first], (String) in[first + 1]);
  }

  private static boolean flag(@Nullable Object value) {
    return Boolean.TRUE.equals(value);
  }

  private static List<String> texts(@Nullable Object value) {
    List<String> texts = new ArrayList<>();
    if (value instanceof ArrayValue array) {
      for (int i = 0; i < array.size(); i++) {
        if (!(array.get(i) instanceof String text)) {
          throw TypeErrors.of(ErrorCode.NULL_VALUE_NOT_ALLOWED, "a name cannot be null");
        }
        texts.add(text);
      }
    }
    return texts;
  }

  /** Names as they are written in SQL, in their parts. */
  private static List<List<String>> names(@Nullable Object value) {
    return texts(value).stream().map(text -> new QualifiedName(text, true).parts()).toList();
  }
}
