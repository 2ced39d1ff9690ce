package io.shardforge.sql.exec;

import io.shardforge.sql.catalog.RelationUse;
import io.shardforge.sql.expr.EvalContext.FunctionServices;
import io.shardforge.sql.type.TypeContext;
import io.shardforge.storage.error.ShardForgeException;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** What a statement's execution asks of its session; called on the statement's thread. */
public interface SessionScope {
  /** transaction_timestamp() in microseconds since 2000-01-01 UTC. */
  long transactionMicros();

  /** statement_timestamp() in microseconds since 2000-01-01 UTC. */
  long statementMicros();

  ZoneId timeZone();

  /** The settings that reading and writing values depends on, as they are now. */
  TypeContext typeContext();

  /** A run-time setting by its lower-case name, or null when there is none. */
  @Nullable String setting(String name);

  FunctionServices services();

  /** The current role, whose privileges decide what errors tell of rows. */
  int roleId();

  /** How this node uses a relation, to be counted on. */
  RelationUse use(int relationOid);

  /** The error for a statement whose thread was interrupted: 57014 or 57P01, with its reason. */
  ShardForgeException cancellation();
}
