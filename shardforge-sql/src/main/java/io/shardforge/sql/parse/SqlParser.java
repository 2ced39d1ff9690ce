package io.shardforge.sql.parse;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.shardforge.sql.parse.proto.Node;
import io.shardforge.sql.parse.proto.ParseResult;
import io.shardforge.sql.parse.proto.RawStmt;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * The parser of query strings: checks the text, bounds its depth, runs the native parser on threads
 * with large stacks and remembers recent results. Any thread may call it.
 */
public final class SqlParser {
  /** The stack that every thread of the executor must have. */
  public static final long STACK_BYTES = 64L << 20;

  /** Longest query string; longer ones are refused with 54000. */
  public static final int SQL_BYTES_MAX = 64 << 20;

  /** Strings longer than this are not remembered. */
  public static final int CACHED_SQL_BYTES_MAX = 32 << 10;

  /** Bound of the cache: the sum of the lengths of the strings that it holds. */
  static final long CACHE_BYTES_MAX = 8L << 20;

  private final NativeParser parser;
  private final Executor executor;
  private final Cache<String, List<ParsedStatement>> cache =
      Caffeine.newBuilder()
          .maximumWeight(CACHE_BYTES_MAX)
          .<String, List<ParsedStatement>>weigher((sql, statements) -> sql.length() + 64)
          .executor(Runnable::run)
          .build();

  /** The executor's threads must have a stack of {@link #STACK_BYTES}; it may reject work. */
  public SqlParser(NativeParser parser, Executor executor) {
    this.parser = parser;
    this.executor = executor;
  }

  /**
   * The statements of a query string, none for an empty one. Errors carry SQLSTATE and position.
   */
  public List<ParsedStatement> parse(String sql) {
    List<ParsedStatement> known = cache.getIfPresent(sql);
    if (known != null) {
      return known;
    }
    if (sql.length() > SQL_BYTES_MAX) {
      throw tooLong();
    }
    if (sql.indexOf('\0') >= 0) {
      throw invalidBytes("0x00");
    }
    List<ParsedStatement> statements = parseNew(sql);
    if (sql.length() <= CACHED_SQL_BYTES_MAX) {
      cache.put(sql, statements);
    }
    return statements;
  }

  /** The same of a query string whose constants were read in another way; not remembered. */
  public List<ParsedStatement> parse(StringConstants constants) {
    String sql = constants.standard();
    if (sql.length() > SQL_BYTES_MAX) {
      throw tooLong();
    }
    if (sql.indexOf('\0') >= 0) {
      throw invalidBytes("0x00");
    }
    byte[] utf8 = sql.getBytes(StandardCharsets.UTF_8);
    try {
      return parseNew(new SourceText(sql, utf8, constants), utf8);
    } catch (ShardForgeException e) {
      int position = e.position();
      if (position == 0) {
        throw e;
      }
      throw new ShardForgeException(e.code(), constants.original(e.message(), position), e)
          .withPosition(constants.original(position));
    }
  }

  /** As {@link #parse(String)} for bytes from the wire; 22021 when they are not UTF-8. */
  public List<ParsedStatement> parse(byte[] utf8) {
    return parse(decode(utf8));
  }

  /** Decodes strictly: PostgreSQL's error for bytes that are not UTF-8 or contain NUL. */
  public static String decode(byte[] utf8) {
    if (utf8.length > SQL_BYTES_MAX) {
      throw tooLong();
    }
    ByteBuffer in = ByteBuffer.wrap(utf8);
    CharBuffer out = CharBuffer.allocate(utf8.length);
    CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
    if (result.isError()) {
      StringBuilder bytes = new StringBuilder();
      int expected = sequenceLength(in.get(in.position()));
      int end = Math.min(in.position() + expected, utf8.length);
      for (int i = in.position(); i < end; i++) {
        bytes.append(i == in.position() ? "" : " ").append(String.format("0x%02x", utf8[i]));
      }
      throw invalidBytes(bytes.toString());
    }
    String sql = out.flip().toString();
    if (sql.indexOf('\0') >= 0) {
      throw invalidBytes("0x00");
    }
    return sql;
  }

  private static int sequenceLength(byte lead) {
    if ((lead & 0xE0) == 0xC0) {
      return 2;
    }
    if ((lead & 0xF0) == 0xE0) {
      return 3;
    }
    return (lead & 0xF8) == 0xF0 ? 4 : 1;
  }

  private List<ParsedStatement> parseNew(String sql) {
    byte[] utf8 = sql.getBytes(StandardCharsets.UTF_8);
    return parseNew(new SourceText(sql, utf8, null), utf8);
  }

  private List<ParsedStatement> parseNew(SourceText source, byte[] utf8) {
    if (utf8.length > SQL_BYTES_MAX) {
      throw tooLong();
    }
    int depth = DepthGuard.check(utf8);
    ParseResult tree = onLargeStack(() -> parser.parse(utf8));
    List<ParsedStatement> statements = new ArrayList<>(tree.getStmtsCount());
    for (RawStmt statement : tree.getStmtsList()) {
      int from = statement.getStmtLocation();
      int to = statement.getStmtLen() == 0 ? utf8.length : from + statement.getStmtLen();
      statements.add(
          new ParsedStatement(
              statement.getStmt(), source, source.slice(from, to).strip(), from, depth));
    }
    return List.copyOf(statements);
  }

  /**
   * A statement's text, in the parser's own spelling: parsed again, it is the same tree. 0A000 if
   * there is no such text.
   */
  public String write(Node statement) {
    ParseResult tree =
        ParseResult.newBuilder()
            .addStmts(RawStmt.newBuilder().setStmt(TreeText.marked(statement)))
            .build();
    String text = TreeText.unmarked(onLargeStack(() -> parser.write(tree)));
    List<ParsedStatement> again = parse(text);
    if (again.size() != 1
        || !TreeText.placeless(again.getFirst().node()).equals(TreeText.placeless(statement))) {
      throw new ShardForgeException(
          ErrorCode.FEATURE_NOT_SUPPORTED, "the statement cannot be written as text");
    }
    return text;
  }

  /** A number that statements have in common which differ in constants only. */
  public long fingerprint(String statement) {
    byte[] utf8 = statement.getBytes(StandardCharsets.UTF_8);
    int _ = DepthGuard.check(utf8);
    return onLargeStack(() -> parser.fingerprint(utf8));
  }

  /** A statement with $1, $2, … in place of its constants. */
  public String normalized(String statement) {
    byte[] utf8 = statement.getBytes(StandardCharsets.UTF_8);
    int _ = DepthGuard.check(utf8);
    return onLargeStack(() -> parser.normalized(utf8));
  }

  private <T> T onLargeStack(Supplier<T> work) {
    try {
      return CompletableFuture.supplyAsync(() -> guarded(work), executor).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof ShardForgeException known) {
        throw known;
      }
      throw new ShardForgeException(
          ErrorCode.INTERNAL_ERROR, "the SQL parser failed", e.getCause());
    } catch (RejectedExecutionException e) {
      throw new ShardForgeException(
          ErrorCode.INSUFFICIENT_RESOURCES, "too many statements are waiting to be parsed", e);
    }
  }

  private static <T> T guarded(Supplier<T> work) {
    try {
      return work.get();
    } catch (StackOverflowError e) {
      throw DepthGuard.tooDeep();
    }
  }

  private static ShardForgeException tooLong() {
    return new ShardForgeException(
        ErrorCode.PROGRAM_LIMIT_EXCEEDED,
        "query string is longer than " + SQL_BYTES_MAX + " bytes");
  }

  private static ShardForgeException invalidBytes(String bytes) {
    return new ShardForgeException(
        ErrorCode.CHARACTER_NOT_IN_REPERTOIRE,
        "invalid byte sequence for encoding \"UTF8\": " + bytes);
  }
}
