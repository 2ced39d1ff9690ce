package io.shardforge.storage.backup.s3;

import io.shardforge.storage.backup.BackupTarget;
import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Backups in a bucket, an object for each file. The keys to the store are those that Amazon's tools
 * find, too: in the environment, in {@code ~/.aws}, or those of the machine's role.
 *
 * <p>A file is in memory as a whole anyway, so it is one request: there are no parts of files that
 * could be left.
 */
public final class S3Target implements BackupTarget {
  /** How often a request is made that fails for a reason that may pass: 5xx, 429, the network. */
  static final int ATTEMPTS_MAX = 6;

  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(3);
  private static final Duration CONNECT_TIME_MAX = Duration.ofSeconds(2);
  private static final Duration SILENCE_MAX = Duration.ofSeconds(30);

  private static final int NOT_FOUND = 404;
  private static final int PRECONDITION_FAILED = 412;
  private static final int NOT_IMPLEMENTED = 501;

  private final S3Place place;
  private final S3Client client;

  private S3Target(S3Place place, S3Client client) {
    this.place = place;
    this.client = client;
  }

  /** Whether a text names a place of this kind. */
  public static boolean isNamedBy(String text) {
    return text.startsWith(S3Place.SCHEME);
  }

  /** The place of this name; 22023 if it is not one. Asks nothing of the store. */
  public static S3Target of(String text) {
    S3Place place = S3Place.parse(text);
    S3ClientBuilder builder =
        S3Client.builder()
            .credentialsProvider(DefaultCredentialsProvider.builder().build())
            .forcePathStyle(place.pathStyle())
            // Files have their own checksums, and other stores than Amazon's do not know these.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(S3Configuration.builder().chunkedEncodingEnabled(false).build())
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(CONNECT_TIME_MAX)
                    .socketTimeout(SILENCE_MAX))
            .overrideConfiguration(o ->
                o.retryStrategy(
                    AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(ATTEMPTS_MAX)
                        .backoffStrategy(BackoffStrategy.exponentialDelay(PAUSE, PAUSE_MAX))
                        .throttlingBackoffStrategy(
                            BackoffStrategy.exponentialDelay(PAUSE, PAUSE_MAX))
                        .circuitBreakerEnabled(false)
                        .build()));
    if (place.endpoint() != null) {
      builder.endpointOverride(place.endpoint());
    }
    if (place.region() != null) {
      builder.region(Region.of(place.region()));
    }
    try {
      return new S3Target(place, builder.build());
    } catch (SdkException e) {
      throw new ShardForgeException(
              ErrorCode.INVALID_PARAMETER_VALUE, "the region of the bucket is not known", e)
          .withHint("Give it in the place, as in s3://bucket/prefix?region=eu-central-1");
    }
  }

  private String key(String folder, String name) {
    return place.prefix() + folder + '/' + name;
  }

  @Override
  public void put(String folder, String name, byte[] content) throws IOException {
    String key = key(folder, name);
    try {
      create(key, content, true);
    } catch (S3Exception e) {
      switch (e.statusCode()) {
        case PRECONDITION_FAILED -> requireSame(folder, name, content);
        case NOT_IMPLEMENTED -> {
          // A store that does not know conditions.
          if (exists(folder, name)) {
            requireSame(folder, name, content);
          } else {
            ask(() -> create(key, content, false));
          }
        }
        default -> throw S3Errors.of(place, e);
      }
    } catch (SdkException e) {
      throw S3Errors.of(place, e);
    }
  }

  /** What is there may be what an earlier try has written that was not answered. */
  private void requireSame(String folder, String name, byte[] content) throws IOException {
    if (!Arrays.equals(get(folder, name), content)) {
      throw new FileAlreadyExistsException(key(folder, name));
    }
  }

  private boolean create(String key, byte[] content, boolean conditionally) {
    var _ =
        client.putObject(
            request -> {
              request.bucket(place.bucket()).key(key).contentType("application/octet-stream");
              if (conditionally) {
                request.ifNoneMatch("*");
              }
            },
            RequestBody.fromBytes(content));
    return true;
  }

  @Override
  public byte[] get(String folder, String name) throws IOException {
    String key = key(folder, name);
    try {
      return ask(() ->
          client
              .getObjectAsBytes(request -> request.bucket(place.bucket()).key(key))
              .asByteArrayUnsafe());
    } catch (NoSuchKeyException e) {
      throw new NoSuchFileException(key);
    }
  }

  @Override
  public boolean exists(String folder, String name) throws IOException {
    String key = key(folder, name);
    try {
      var _ = client.headObject(request -> request.bucket(place.bucket()).key(key));
      return true;
    } catch (SdkException e) {
      if (e instanceof S3Exception answer && answer.statusCode() == NOT_FOUND) {
        return false;
      }
      throw S3Errors.of(place, e);
    }
  }

  @Override
  public List<String> folders() throws IOException {
    int start = place.prefix().length();
    return ask(() ->
        client
            .listObjectsV2Paginator(
                request -> request.bucket(place.bucket()).prefix(place.prefix()).delimiter("/"))
            .commonPrefixes()
            .stream()
            .map(CommonPrefix::prefix)
            .map(folder -> folder.substring(start, folder.length() - 1))
            .sorted()
            .toList());
  }

  @Override
  public List<String> files(String folder) throws IOException {
    String prefix = key(folder, "");
    return ask(() ->
        client
            .listObjectsV2Paginator(request -> request.bucket(place.bucket()).prefix(prefix))
            .contents()
            .stream()
            .map(S3Object::key)
            .map(key -> key.substring(prefix.length()))
            .sorted()
            .toList());
  }

  @Override
  public void delete(String folder, String name) throws IOException {
    String key = key(folder, name);
    var _ = ask(() -> client.deleteObject(request -> request.bucket(place.bucket()).key(key)));
  }

  /** Something that the store is asked. */
  private interface Request<T> {
    T send();
  }

  private <T> T ask(Request<T> request) throws IOException {
    try {
      return request.send();
    } catch (NoSuchKeyException e) {
      throw e;
    } catch (SdkException e) {
      throw S3Errors.of(place, e);
    }
  }
}
