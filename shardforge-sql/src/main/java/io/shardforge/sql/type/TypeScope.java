package io.shardforge.sql.type;

import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The user's types that a session's thread works with: those of the snapshot that its transaction
 * looked at last. What a plan was made with stays in the plan, which is for one snapshot. Belongs
 * to one session.
 */
public final class TypeScope {
  /** The schema under which stored text names a type, by its OID. */
  public static final String BY_OID = "@";

  private static final ScopedValue<TypeScope> CURRENT = ScopedValue.newInstance();

  private final Supplier<List<String>> searchPath;
  private UserTypes types = UserTypes.NONE;

  /**
   * @param searchPath the schemas in which types are found by name alone
   */
  public TypeScope(Supplier<List<String>> searchPath) {
    this.searchPath = searchPath;
  }

  /** Runs something that reads, writes or names values of this session. */
  public void run(Runnable work) {
    ScopedValue.where(CURRENT, this).run(work);
  }

  /**
   * The same work with the types of the session whose thread this is, on whatever thread it runs.
   */
  public static Runnable keeping(Runnable work) {
    if (!CURRENT.isBound()) {
      return work;
    }
    TypeScope scope = CURRENT.get();
    return () -> scope.run(work);
  }

  /** From now on this thread's session works with these types. */
  public static void enter(UserTypes types) {
    if (CURRENT.isBound()) {
      CURRENT.get().types = types;
    }
  }

  static UserTypes types() {
    return CURRENT.isBound() ? CURRENT.get().types : UserTypes.NONE;
  }

  /** The type that a name means, in a schema or along the search path. */
  static @Nullable PgType find(@Nullable String schema, String name) {
    if (!CURRENT.isBound()) {
      return null;
    }
    TypeScope scope = CURRENT.get();
    return schema == null
        ? scope.types.find(scope.searchPath.get(), name)
        : scope.types.find(schema, name);
  }

  /** A type's name, with its schema where it is not found without. */
  static String nameOf(UserTypes.InSchema type) {
    String name = Text.quoteIdentifier(type.type().name());
    return PgTypes.named(null, type.type().name()) == type.type()
        ? name
        : Text.quoteIdentifier(type.schema()) + "." + name;
  }
}
