package io.shardforge.sql.session;

import io.shardforge.sql.parse.ParsedStatement;
import io.shardforge.sql.parse.SqlParser;
import io.shardforge.sql.parse.StringConstants;
import io.shardforge.storage.error.ErrorCode;
import java.util.List;

/** The statements of query strings as a session's settings have string constants read. */
final class QueryStrings {
  private QueryStrings() {}

  static List<ParsedStatement> parse(String sql, Session session) {
    SqlParser parser = session.services().parser();
    SessionSettings settings = session.settings();
    StringConstants.Rules rules = settings.stringRules();
    if (rules.areUsual()) {
      return parser.parse(sql);
    }
    StringConstants constants = StringConstants.read(sql, rules);
    if (settings.isOn("escape_string_warning")) {
      for (StringConstants.Surprise one : constants.surprises()) {
        session.notice(
            new Notice(
                Notice.Severity.WARNING,
                ErrorCode.NONSTANDARD_USE_OF_ESCAPE_CHARACTER,
                one.message(),
                null,
                one.hint()));
      }
    }
    return parser.parse(constants);
  }
}
