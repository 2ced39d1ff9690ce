package io.shardforge.storage.backup.s3;

import io.shardforge.storage.error.ErrorCode;
import io.shardforge.storage.error.ShardForgeException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A part of a bucket, as {@code s3://bucket/prefix?endpoint=URL&region=NAME&path_style=BOOLEAN}.
 * What may be known by all: keys to the store are not in it.
 *
 * @param prefix what the names of all objects begin with, empty or with a slash at its end
 * @param endpoint where the store is, null for Amazon's
 * @param region null for that of the node's environment
 * @param pathStyle whether the bucket is named in the path instead of the host
 */
record S3Place(
    String bucket,
    String prefix,
    @Nullable URI endpoint,
    @Nullable String region,
    boolean pathStyle) {
  static final String SCHEME = "s3://";

  private static final Pattern FORM = Pattern.compile("s3://([^/?#]+)(?:/([^?#]*))?(?:\\?(.*))?");
  private static final Pattern BUCKET = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{1,61}[a-z0-9]");

  /** Stores that are not Amazon's mostly do not look at it. */
  private static final String DEFAULT_REGION = "us-east-1";

  static S3Place parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || !BUCKET.matcher(form.group(1)).matches()) {
      // It is not repeated: what is wrong with it may be that it has keys in it.
      throw invalid("not the place of a backup in S3")
          .withHint("It is s3://bucket/prefix?endpoint=URL&region=NAME&path_style=true|false");
    }
    URI endpoint = null;
    String region = null;
    String pathStyle = null;
    String parameters = form.group(3) == null ? "" : form.group(3);
    for (String parameter : parameters.isEmpty() ? new String[0] : parameters.split("&", -1)) {
      int equals = parameter.indexOf('=');
      String name = equals < 0 ? parameter : parameter.substring(0, equals);
      String value =
          equals < 0
              ? ""
              : URLDecoder.decode(parameter.substring(equals + 1), StandardCharsets.UTF_8);
      switch (name.toLowerCase(Locale.ROOT)) {
        case "endpoint" -> endpoint = endpoint(value);
        case "region" -> region = value;
        case "path_style" -> pathStyle = value;
        default ->
            throw invalid("\"" + name + "\" is no parameter of a place in S3")
                .withHint(
                    "There are endpoint, region and path_style. Keys to the store come from the"
                        + " environment of the nodes.");
      }
    }
    if (pathStyle != null && !pathStyle.equals("true") && !pathStyle.equals("false")) {
      throw invalid("path_style is true or false");
    }
    String prefix = form.group(2) == null ? "" : form.group(2);
    return new S3Place(
        form.group(1),
        prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + '/',
        endpoint,
        region == null && endpoint != null ? DEFAULT_REGION : region,
        pathStyle == null ? endpoint != null : pathStyle.equals("true"));
  }

  private static URI endpoint(String value) {
    try {
      URI uri = URI.create(value);
      String scheme = String.valueOf(uri.getScheme());
      if (uri.getHost() != null
          && uri.getUserInfo() == null
          && (scheme.equals("http") || scheme.equals("https"))) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw invalid("the endpoint is not a URL");
    }
    throw invalid("the endpoint must be http://host:port or https://host:port");
  }

  private static ShardForgeException invalid(String what) {
    return new ShardForgeException(ErrorCode.INVALID_PARAMETER_VALUE, what);
  }

  /** Where the store is, in words. */
  String host() {
    return endpoint == null ? "Amazon S3" : endpoint.toString();
  }
}
