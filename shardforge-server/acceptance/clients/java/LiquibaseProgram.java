import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.database.Database;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.diff.DiffGeneratorFactory;
import liquibase.diff.DiffResult;
import liquibase.diff.compare.CompareControl;
import liquibase.diff.output.DiffOutputControl;
import liquibase.diff.output.changelog.DiffToChangeLog;
import liquibase.resource.DirectoryResourceAccessor;

/** Liquibase: change sets forwards and backwards, and a change log made from the database. */
class LiquibaseProgram {
  private static final String LOG =
      """
      databaseChangeLog:
        - changeSet:
            id: 1
            author: a
            changes:
              - createTable:
                  tableName: owner
                  remarks: who has things
                  columns:
                    - column: {name: id, type: bigint, autoIncrement: true, constraints: {primaryKey: true, primaryKeyName: owner_key}}
                    - column: {name: name, type: varchar(50), constraints: {nullable: false, unique: true, uniqueConstraintName: owner_once}}
              - createTable:
                  tableName: thing
                  columns:
                    - column: {name: id, type: uuid, defaultValueComputed: gen_random_uuid(), constraints: {primaryKey: true}}
                    - column: {name: owner_id, type: bigint}
                    - column: {name: made, type: timestamp with time zone, defaultValueComputed: current_timestamp}
                    - column: {name: price, type: 'decimal(10,2)', defaultValueNumeric: 0}
                    - column: {name: data, type: jsonb}
                    - column: {name: good, type: boolean, defaultValueBoolean: true}
              - addForeignKeyConstraint: {constraintName: thing_owner, baseTableName: thing, baseColumnNames: owner_id, referencedTableName: owner, referencedColumnNames: id, onDelete: CASCADE, deferrable: true, initiallyDeferred: true}
              - createIndex: {indexName: thing_made, tableName: thing, columns: [{column: {name: made, descending: true}}]}
              - createSequence: {sequenceName: tickets, startValue: 100, incrementBy: 5}
        - changeSet:
            id: 2
            author: a
            changes:
              - insert: {tableName: owner, columns: [{column: {name: name, value: Ann}}]}
              - addColumn: {tableName: owner, columns: [{column: {name: age, type: int}}]}
              - addNotNullConstraint: {tableName: owner, columnName: age, columnDataType: int, defaultNullValue: '7'}
              - renameColumn: {tableName: thing, oldColumnName: good, newColumnName: fine, columnDataType: boolean}
              - modifyDataType: {tableName: owner, columnName: name, newDataType: text}
              - createView: {viewName: people, selectQuery: select name from owner}
            rollback:
              - dropView: {viewName: people}
              - renameColumn: {tableName: thing, oldColumnName: fine, newColumnName: good, columnDataType: boolean}
              - dropColumn: {tableName: owner, columnName: age}
              - delete: {tableName: owner}
        - changeSet:
            id: 3
            author: a
            preConditions:
              - tableExists: {tableName: owner}
              - foreignKeyConstraintExists: {foreignKeyName: thing_owner, foreignKeyTableName: thing}
              - indexExists: {indexName: thing_made}
              - viewExists: {viewName: people}
              - sequenceExists: {sequenceName: tickets}
              - primaryKeyExists: {tableName: owner, primaryKeyName: owner_key}
              - columnExists: {tableName: thing, columnName: fine}
            changes:
              - addUniqueConstraint: {tableName: thing, columnNames: 'owner_id, made', constraintName: thing_once}
              - sql: {sql: "insert into thing (owner_id, data) select id, '{}' from owner"}
            rollback:
              - dropUniqueConstraint: {tableName: thing, constraintName: thing_once}
              - delete: {tableName: thing}
      """;

  public static void main(String[] args) throws Exception {
    Path work = Files.createTempDirectory("liquibase");
    Files.writeString(work.resolve("log.yaml"), LOG);
    try (Liquibase liquibase = new Liquibase("log.yaml", new DirectoryResourceAccessor(work), database())) {
      liquibase.update(new Contexts());
      check(liquibase.listUnrunChangeSets(new Contexts(), new LabelExpression()).isEmpty(), "all ran");
      check(number("select count(*) from thing t join owner o on t.owner_id = o.id where fine and age = 7") == 1, "the rows");
      check(number("select nextval('tickets')") == 100, "the sequence");
      liquibase.rollback(2, "");
      check(number("select count(*) from pg_views where viewname = 'people'") == 0, "back");
      liquibase.update(new Contexts());
      liquibase.tag("v3");
      check(liquibase.tagExists("v3"), "the tag");
      liquibase.listLocks();
      liquibase.clearCheckSums();
      liquibase.validate();

      Database database = liquibase.getDatabase();
      DiffResult all = DiffGeneratorFactory.getInstance().compare(database, null, CompareControl.STANDARD);
      Path made = work.resolve("made.xml");
      new DiffToChangeLog(all, new DiffOutputControl(false, false, false, null)).print(made.toString());
      String text = Files.readString(made);
      for (String words : new String[] {"tableName=\"owner\"", "thing_owner", "initiallyDeferred=\"true\"", "thing_made", "owner_once", "viewName=\"people\"", "sequenceName=\"tickets\"", "autoIncrement=\"true\"", "remarks=\"who has things\"", "type=\"JSONB\"", "type=\"numeric(10, 2)\""}) {
        check(text.contains(words), words + " in\n" + text);
      }
    }
    try (Liquibase liquibase = new Liquibase("made.xml", new DirectoryResourceAccessor(work), database())) {
      liquibase.dropAll();
      check(number("select count(*) from pg_class where relkind in ('r', 'v', 'S') and relnamespace = 'public'::regnamespace") <= 2, "all gone");
      liquibase.update(new Contexts());
      check(number("select count(*) from pg_constraint where conname = 'thing_owner' and condeferred") == 1, "made again");
    }
  }

  private static Database database() throws Exception {
    return DatabaseFactory.getInstance().findCorrectDatabaseImplementation(new JdbcConnection(DriverManager.getConnection(System.getenv("JDBC_URL"))));
  }

  private static long number(String sql) throws Exception {
    try (Connection c = DriverManager.getConnection(System.getenv("JDBC_URL")); Statement s = c.createStatement(); ResultSet r = s.executeQuery(sql)) {
      r.next();
      return r.getLong(1);
    }
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
