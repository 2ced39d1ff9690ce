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
    t.set("shardforge_backups", (c, in) -> backups(c).backups(target(in), secret(in, 1)));
  }

  private static BackupFunctions backups(EvalContext context) {
    return context.services().get(BackupFunctions.class);
  }

  private static String target(@Nullable Object[] in) {
    if (!(in[0] instanceof String target)) {
      throw TypeErrors.of(
          ErrorCode.NULL_VALUE_NOT_ALLOWED, "the place of the backup must be given");
    }
    return target;
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
