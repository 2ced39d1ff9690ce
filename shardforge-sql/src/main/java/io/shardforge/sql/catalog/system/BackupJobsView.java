package io.shardforge.sql.catalog.system;

import io.shardforge.sql.catalog.BackupJob;
import java.util.List;

/** The backups and restores that are known. Obtained from EvalContext.services(). */
public interface BackupJobsView {
  List<BackupJob> backupJobs();
}
