package io.shardforge.sql.parse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statements without their secrets; where a secret is, it says hush. */
class SecretTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT shardforge.backup('/x', passphrase => 'hush')",
        "SELECT * FROM \"shardforge\" . \"backup\" ('/x', passphrase := 'it''s hush')",
        "SELECT shardforge.BACKUP('/x', Passphrase => 'so ' || upper('hush'))",
        "SELECT backup(passphrase => 'hush', target => '/x')",
        "SELECT backup('/x', passphrase => E'a\\'hush')",
        "SELECT backup('/x', passphrase => U&'hush')",
        "SELECT backup('/x', passphrase => $a$ $b$ hush $a$)",
        "SELECT backup('/x', passphrase => 'a' -- more\n 'hush')",
        "SELECT backup('/x', /* ' */ passphrase /* ( */ => /* , */ 'hush')",
        "SELECT backup('/x', passphrase => 1hush)",
        "SELECT backup('/x', null::text, 'hush')",
        "SELECT verify_backup('/x', null, (SELECT 'hush'))",
        "SELECT backup('/x', passphrase => 'cut hush",
        "SELECT backup('/x', passphrase => 'what \\'hush\\' is')",
        "SELECT 1; SELECT restore((SELECT '/x'), 'b', 'hush')",
        "SELECT shardforge.backups('s3://b?AWS_SECRET_ACCESS_KEY=hush')",
        "SELECT shardforge.backups(target => 's3://id:hush@b/x')",
        "CREATE ROLE r PASSWORD 'hush'",
        "ALTER ROLE r ENCRYPTED password\n--' \nE'a\\'hush'",
        "ALTER ROLE r PASSWORD N'hush",
      })
  void areHidden(String sql) {
    assertThat(SecretText.hidden(sql)).contains("'***'").doesNotContain("hush");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 'hush'",
        "SELECT backup('/x', passphrase => $1, key_file => '/k')",
        "SELECT backup('/x', tables => '{a, b}', incremental => true)",
        "SELECT 'passphrase', backup FROM restore WHERE password = 'known'",
        "SELECT backup('/x'), 'y'",
        "SELECT 1 /* backup( */ -- password 'x'",
        "backup(((((",
        ")))backup",
      })
  void othersAreAsTheyWere(String sql) {
    assertThat(SecretText.hidden(sql)).isEqualTo(sql);
  }

  @Test
  void leavesTheRest() {
    assertThat(
            SecretText.hidden(
                "SELECT backup('/x', passphrase => 'hush', tables => '{t}'); ALTER ROLE r PASSWORD"
                    + " 'hush' CREATEDB"))
        .isEqualTo(
            "SELECT backup('/x', passphrase => '***', tables => '{t}'); ALTER ROLE r PASSWORD"
                + " '***' CREATEDB");
  }
}
