package io.shardforge.storage.backup.s3;

import io.shardforge.storage.backup.PlaceException;
import io.shardforge.storage.error.ErrorCode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.UnknownHostException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What is said of requests that the store did not do, in the end. */
final class S3Errors {
  private static final int FORBIDDEN = 403;
  private static final int MOVED = 301;

  private S3Errors() {}

  static IOException of(S3Place place, SdkException e) {
    if (e instanceof AbortedException || Thread.currentThread().isInterrupted()) {
      Thread.currentThread().interrupt();
      return new InterruptedIOException("interrupted");
    }
    return e instanceof S3Exception answer ? answered(place, answer) : unanswered(place, e);
  }

  private static IOException answered(S3Place place, S3Exception e) {
    String word = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
    String name = word == null ? String.valueOf(e.statusCode()) : word;
    return switch (name) {
      case "NoSuchBucket" ->
          failure(ErrorCode.UNDEFINED_FILE, "there is no bucket \"" + place.bucket() + '"', e);
      case "InvalidAccessKeyId",
          "SignatureDoesNotMatch",
          "ExpiredToken",
          "InvalidToken",
          "TokenRefreshRequired" ->
          failure(
              ErrorCode.INVALID_AUTHORIZATION_SPECIFICATION,
              place.host() + " does not take the node's keys (" + name + ")",
              e);
      case "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraint" ->
          elsewhere(place, e);
      default -> {
        if (e.statusCode() == MOVED) {
          yield elsewhere(place, e);
        }
        boolean refused = e.statusCode() == FORBIDDEN;
        yield failure(
            refused ? ErrorCode.INSUFFICIENT_PRIVILEGE : ErrorCode.IO_ERROR,
            place.host() + (refused ? " refuses access" : " fails") + " (" + name + ")",
            e);
      }
    };
  }

  private static IOException elsewhere(S3Place place, S3Exception e) {
    return failure(
        ErrorCode.INVALID_PARAMETER_VALUE,
        "bucket \"" + place.bucket() + "\" is in another region than the one given",
        e);
  }

  private static IOException unanswered(S3Place place, SdkException e) {
    if (String.valueOf(e.getMessage()).startsWith("Unable to load credentials")) {
      return failure(
          ErrorCode.INVALID_AUTHORIZATION_SPECIFICATION, "the node has no keys to the store", e);
    }
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String why =
        cause instanceof UnknownHostException
            ? "unknown host"
            : String.valueOf(cause.getMessage()).lines().findFirst().orElse("no answer");
    return failure(ErrorCode.IO_ERROR, "could not reach " + place.host() + ": " + why, e);
  }

  private static IOException failure(ErrorCode code, String message, SdkException cause) {
    return new PlaceException(code, message, cause);
  }
}
