package io.shardforge.sql.parse;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.shardforge.sql.parse.proto.ParseResult;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.io.IOException;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The binding of libpg_query 17: one call that turns a NUL-terminated string into a serialized
 * parse tree, one that turns such a tree into a string, and two for what a statement is without its
 * constants.
 *
 * <p>Needs a stack in proportion to the depth of the statement, on which it otherwise takes the
 * whole process down: callers bound the depth first ({@link DepthGuard}) and call from a thread
 * with a large stack.
 */
@SuppressWarnings("restricted") // native access is what this class is for
public final class NativeParser {
  /** System property that names the shared library's file. */
  public static final String LIBRARY_PROPERTY = "shardforge.libpgquery";

  /** Environment variable that names the shared library's file. */
  public static final String LIBRARY_VARIABLE = "SHARDFORGE_LIBPGQUERY";

  private static final String LIBRARY_NAME = "libpg_query.so.1706.0";

  /** Message nesting that is decoded; every depth that the guard lets pass stays below it. */
  private static final int RECURSION_LIMIT = 200_000;

  private static final AddressLayout STRING =
      ADDRESS.withTargetLayout(MemoryLayout.sequenceLayout(Long.MAX_VALUE, JAVA_BYTE));

  private static final StructLayout ERROR =
      MemoryLayout.structLayout(
          STRING.withName("message"),
          STRING.withName("funcname"),
          STRING.withName("filename"),
          JAVA_INT.withName("lineno"),
          JAVA_INT.withName("cursorpos"),
          STRING.withName("context"));

  private static final StructLayout RESULT =
      MemoryLayout.structLayout(
          JAVA_LONG.withName("len"),
          ADDRESS.withName("data"),
          ADDRESS.withName("stderr"),
          ADDRESS.withTargetLayout(ERROR).withName("error"));

  private static final StructLayout TREE =
      MemoryLayout.structLayout(JAVA_LONG.withName("len"), ADDRESS.withName("data"));

  private static final StructLayout TEXT =
      MemoryLayout.structLayout(
          STRING.withName("query"), ADDRESS.withTargetLayout(ERROR).withName("error"));

  private static final StructLayout FINGERPRINT =
      MemoryLayout.structLayout(
          JAVA_LONG.withName("fingerprint"),
          ADDRESS.withName("fingerprint_str"),
          ADDRESS.withName("stderr"),
          ADDRESS.withTargetLayout(ERROR).withName("error"));

  private static final long FINGERPRINT_ERROR =
      FINGERPRINT.byteOffset(PathElement.groupElement("error"));
  private static final long TREE_LEN = TREE.byteOffset(PathElement.groupElement("len"));
  private static final long TREE_DATA = TREE.byteOffset(PathElement.groupElement("data"));
  private static final long TEXT_QUERY = TEXT.byteOffset(PathElement.groupElement("query"));
  private static final long TEXT_ERROR = TEXT.byteOffset(PathElement.groupElement("error"));
  private static final long RESULT_LEN = RESULT.byteOffset(PathElement.groupElement("len"));
  private static final long RESULT_DATA = RESULT.byteOffset(PathElement.groupElement("data"));
  private static final long RESULT_ERROR = RESULT.byteOffset(PathElement.groupElement("error"));
  private static final long ERROR_MESSAGE = ERROR.byteOffset(PathElement.groupElement("message"));
  private static final long ERROR_CURSOR = ERROR.byteOffset(PathElement.groupElement("cursorpos"));

  private final MethodHandle parse;
  private final MethodHandle free;
  private final MethodHandle write;
  private final MethodHandle freeText;
  private final MethodHandle fingerprint;
  private final MethodHandle freeFingerprint;
  private final MethodHandle normalize;
  private final MethodHandle freeNormalized;

  private NativeParser(SymbolLookup library) {
    Linker linker = Linker.nativeLinker();
    parse =
        linker.downcallHandle(
            library.findOrThrow("pg_query_parse_protobuf"), FunctionDescriptor.of(RESULT, ADDRESS));
    free =
        linker.downcallHandle(
            library.findOrThrow("pg_query_free_protobuf_parse_result"),
            FunctionDescriptor.ofVoid(RESULT));
    write =
        linker.downcallHandle(
            library.findOrThrow("pg_query_deparse_protobuf"), FunctionDescriptor.of(TEXT, TREE));
    freeText =
        linker.downcallHandle(
            library.findOrThrow("pg_query_free_deparse_result"), FunctionDescriptor.ofVoid(TEXT));
    fingerprint =
        linker.downcallHandle(
            library.findOrThrow("pg_query_fingerprint"),
            FunctionDescriptor.of(FINGERPRINT, ADDRESS));
    freeFingerprint =
        linker.downcallHandle(
            library.findOrThrow("pg_query_free_fingerprint_result"),
            FunctionDescriptor.ofVoid(FINGERPRINT));
    normalize =
        linker.downcallHandle(
            library.findOrThrow("pg_query_normalize"), FunctionDescriptor.of(TEXT, ADDRESS));
    freeNormalized =
        linker.downcallHandle(
            library.findOrThrow("pg_query_free_normalize_result"), FunctionDescriptor.ofVoid(TEXT));
  }

  /** Loads the library from a file, or by its system name when the file is null. */
  public static NativeParser load(@Nullable Path file) {
    try {
      SymbolLookup library =
          file == null
              ? SymbolLookup.libraryLookup(LIBRARY_NAME, Arena.global())
              : SymbolLookup.libraryLookup(file, Arena.global());
      return new NativeParser(library);
    } catch (IllegalArgumentException e) {
      throw new ShardForgeException(
          ErrorCode.UNDEFINED_FILE,
          "could not load the SQL parser library "
              + (file == null ? LIBRARY_NAME : file)
              + "; set "
              + LIBRARY_VARIABLE
              + " to the file of libpg_query 17-6.1.0",
          e);
    }
  }

  /** Loads the library named by the system property, else by the environment, else by its name. */
  public static NativeParser locate() {
    String file = System.getProperty(LIBRARY_PROPERTY);
    if (file == null || !Files.exists(Path.of(file))) {
      String variable = System.getenv(LIBRARY_VARIABLE);
      file = variable == null || variable.isEmpty() ? file : variable;
    }
    return load(file != null && Files.exists(Path.of(file)) ? Path.of(file) : null);
  }

  /** Parses; a syntax error is thrown with PostgreSQL's message and position. */
  ParseResult parse(byte[] utf8) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = terminated(utf8, arena);
      MemorySegment result = (MemorySegment) parse.invokeExact((SegmentAllocator) arena, text);
      try {
        return decode(result);
      } finally {
        free.invokeExact(result);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new ShardForgeException(ErrorCode.INTERNAL_ERROR, "the SQL parser failed", e);
    }
  }

  private static MemorySegment terminated(byte[] utf8, Arena arena) {
    MemorySegment text = arena.allocate(utf8.length + 1L);
    MemorySegment.copy(utf8, 0, text, JAVA_BYTE, 0, utf8.length);
    text.set(JAVA_BYTE, utf8.length, (byte) 0);
    return text;
  }

  /** A number that texts have in common which differ in constants only. */
  long fingerprint(byte[] utf8) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = terminated(utf8, arena);
      MemorySegment result =
          (MemorySegment) fingerprint.invokeExact((SegmentAllocator) arena, text);
      try {
        MemorySegment error = result.get(ADDRESS.withTargetLayout(ERROR), FINGERPRINT_ERROR);
        if (error.address() != 0) {
          throw failure(error);
        }
        return result.get(JAVA_LONG, 0);
      } finally {
        freeFingerprint.invokeExact(result);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new ShardForgeException(ErrorCode.INTERNAL_ERROR, "the SQL parser failed", e);
    }
  }

  /** The text with $1, $2, … in place of its constants. */
  String normalized(byte[] utf8) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = terminated(utf8, arena);
      MemorySegment result = (MemorySegment) normalize.invokeExact((SegmentAllocator) arena, text);
      try {
        return textOf(result);
      } finally {
        freeNormalized.invokeExact(result);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new ShardForgeException(ErrorCode.INTERNAL_ERROR, "the SQL parser failed", e);
    }
  }

  private static String textOf(MemorySegment result) {
    MemorySegment error = result.get(ADDRESS.withTargetLayout(ERROR), TEXT_ERROR);
    if (error.address() != 0) {
      throw failure(error);
    }
    return result.get(STRING, TEXT_QUERY).getString(0);
  }

  /** The text of a parse tree. */
  String write(ParseResult tree) {
    byte[] bytes = tree.toByteArray();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocateFrom(JAVA_BYTE, bytes);
      MemorySegment argument = arena.allocate(TREE);
      argument.set(JAVA_LONG, TREE_LEN, bytes.length);
      argument.set(ADDRESS, TREE_DATA, data);
      MemorySegment result = (MemorySegment) write.invokeExact((SegmentAllocator) arena, argument);
      try {
        return textOf(result);
      } finally {
        freeText.invokeExact(result);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new ShardForgeException(ErrorCode.INTERNAL_ERROR, "the SQL writer failed", e);
    }
  }

  private static ParseResult decode(MemorySegment result) throws IOException {
    MemorySegment error = result.get(ADDRESS.withTargetLayout(ERROR), RESULT_ERROR);
    if (error.address() != 0) {
      throw failure(error);
    }
    long length = result.get(JAVA_LONG, RESULT_LEN);
    MemorySegment data = result.get(ADDRESS, RESULT_DATA).reinterpret(length);
    CodedInputStream in = CodedInputStream.newInstance(data.asByteBuffer());
    in.setRecursionLimit(RECURSION_LIMIT);
    try {
      return ParseResult.parseFrom(in);
    } catch (InvalidProtocolBufferException e) {
      throw new ShardForgeException(ErrorCode.INTERNAL_ERROR, "unreadable parse tree", e);
    }
  }

  private static ShardForgeException failure(MemorySegment error) {
    MemorySegment pointer = error.get(STRING, ERROR_MESSAGE);
    String message = pointer.address() == 0 ? "syntax error" : pointer.getString(0);
    int position = error.get(JAVA_INT, ERROR_CURSOR);
    return new ShardForgeException(code(message), message).withPosition(Math.max(position, 0));
  }

  /**
   * The library reports no SQLSTATE; nearly all errors of PostgreSQL's scanner and grammar are
   * 42601.
   */
  private static ErrorCode code(String message) {
    if (message.startsWith("stack depth limit") || message.startsWith("memory exhausted")) {
      return ErrorCode.STATEMENT_TOO_COMPLEX;
    }
    if (message.equals("invalid Unicode escape") || message.startsWith("invalid escape")) {
      return ErrorCode.INVALID_ESCAPE_SEQUENCE;
    }
    if (message.startsWith("unsafe use of")) {
      return ErrorCode.NONSTANDARD_USE_OF_ESCAPE_CHARACTER;
    }
    if (message.startsWith("invalid byte sequence")) {
      return ErrorCode.CHARACTER_NOT_IN_REPERTOIRE;
    }
    if (message.startsWith("frame ")) {
      return ErrorCode.WINDOWING_ERROR;
    }
    if (message.startsWith("out of memory")) {
      return ErrorCode.OUT_OF_MEMORY;
    }
    if (message.startsWith("column number must be")
        || message.startsWith("precision for type float")) {
      return ErrorCode.INVALID_PARAMETER_VALUE;
    }
    if (message.contains("not supported")
        || message.contains("not yet implemented")
        || message.startsWith("only string constants are supported")
        || message.contains("constraints cannot be marked")
        || message.contains("only supported for ON DELETE actions")
        || message.contains("cannot include schema elements")) {
      return ErrorCode.FEATURE_NOT_SUPPORTED;
    }
    return ErrorCode.SYNTAX_ERROR;
  }
}
