package io.shardforge.sql.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.shardforge.sql.type.ObjectNames;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** SET, SET LOCAL and RESET through commits, rollbacks and savepoints. */
class SessionSettingsTest {
  private final List<String> told = new ArrayList<>();
  private final SessionSettings settings =
      new SessionSettings(
          new SessionListener() {
            @Override
            public void notice(Notice notice) {
              told.add(notice.message());
            }

            @Override
            public void settingChanged(String name, String value) {
              told.add(name + "=" + value);
            }

            @Override
            public void notified(Notification notification) {}

            @Override
            public void wake() {}
          },
          ObjectNames.TYPES_ONLY);

  @Test
  void aRolledBackSetIsUndoneAndTold() {
    settings.mark();
    settings.set("application_name", "a", false);
    settings.rollBackAll();
    assertThat(settings.get("application_name")).isEmpty();
    assertThat(told).containsExactly("application_name=a", "application_name=");
  }

  @Test
  void setLocalEndsWithItsTransaction() {
    settings.mark();
    settings.set("application_name", "outer", false);
    settings.set("application_name", "inner", true);
    assertThat(settings.get("application_name")).isEqualTo("inner");
    settings.commit();
    assertThat(settings.get("application_name")).isEqualTo("outer");
  }

  @Test
  void aSavepointBringsBackItsValues() {
    settings.mark();
    settings.set("lock_timeout", "1s", false);
    settings.mark();
    settings.set("lock_timeout", "2s", false);
    settings.rollBackKeepingMark();
    assertThat(settings.get("lock_timeout")).isEqualTo("1s");
    settings.set("lock_timeout", "3s", false);
    settings.release();
    settings.commit();
    assertThat(settings.get("lock_timeout")).isEqualTo("3s");
  }

  @Test
  void durationsTakeUnits() {
    settings.set("statement_timeout", "1500", false);
    assertThat(settings.get("statement_timeout")).isEqualTo("1500ms");
    assertThat(settings.statementTimeoutMillis()).isEqualTo(1500);
    settings.set("statement_timeout", "2min", false);
    assertThat(settings.statementTimeoutMillis()).isEqualTo(120_000);
  }

  @Test
  void badValuesAndUnknownNamesAreErrors() {
    assertCode("no_such_setting", "1", ErrorCode.UNDEFINED_OBJECT);
    assertCode("statement_timeout", "soon", ErrorCode.INVALID_PARAMETER_VALUE);
    assertCode("TimeZone", "Mars/Olympus", ErrorCode.INVALID_PARAMETER_VALUE);
    assertCode("client_encoding", "LATIN11", ErrorCode.INVALID_PARAMETER_VALUE);
    assertCode("client_encoding", "MULE_INTERNAL", ErrorCode.FEATURE_NOT_SUPPORTED);
    assertCode("array_nulls", "off", ErrorCode.FEATURE_NOT_SUPPORTED);
    assertCode("server_version", "9.6", ErrorCode.CANT_CHANGE_RUNTIME_PARAM);
  }

  private void assertCode(String name, String value, ErrorCode code) {
    assertThatThrownBy(() -> settings.set(name, value, false))
        .isInstanceOfSatisfying(
            ShardForgeException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void theSearchPathKnowsQuotesAndTheUser() {
    settings.initialize("session_authorization", "ann");
    settings.set("search_path", "\"$user\", \"My Schema\", Public", false);
    assertThat(settings.searchPath()).containsExactly("ann", "My Schema", "public");
  }
}
