package io.shardforge.sql.function;

import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Backups and what can be done with them. Obtained from EvalContext.services(). */
public interface BackupFunctions {
  /** What a backup's encryption is made of; nothing of it for one without. */
  record Secret(@Nullable String passphrase, @Nullable String keyFile) {}

  /**
   * Makes a backup: a row of job, name, time, entries, bytes.
   *
   * @param tables their names; empty for all
   * @param databases their names; empty for all
   */
  Iterator<@Nullable Object[]> backup(
      String target,
      List<List<String>> tables,
      List<String> databases,
      boolean incremental,
      boolean history,
      Secret secret);

  /**
   * Restores a backup: a row of job, name, time, number of tables, entries, bytes.
   *
   * @param backup its name, null for the newest
   * @param at a time to restore, null for the time of the backup
   * @param tables their names; empty for all
   * @param database in the backup, null for what it is of
   * @param newDatabase what a database is to be called, null for as it was
   * @param newSchema the schema for tables, null for those that they were in
   */
  Iterator<@Nullable Object[]> restore(
      String target,
      @Nullable String backup,
      @Nullable Long at,
      List<List<String>> tables,
      @Nullable String database,
      @Nullable String newDatabase,
      @Nullable String newSchema,
      Secret secret);

  /**
   * Reads all files of a backup and of those that it continues: rows of name, time, chunks,
   * entries, bytes, what is wrong or null.
   */
  Iterator<@Nullable Object[]> verify(String target, @Nullable String backup, Secret secret);

  /**
   * Lists backups: rows of name, base, time, scope, whether encrypted, whether finished, entries,
   * bytes, since when it has all versions or null.
   */
  Iterator<@Nullable Object[]> backups(String target, Secret secret);
}
