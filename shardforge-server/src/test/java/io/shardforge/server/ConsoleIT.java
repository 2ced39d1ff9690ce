package io.shardforge.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The console in a real browser, of a real cluster of three nodes under load. Wants a Chromium and
 * a Node.js on the machine, and says so where they are not. Pictures of the pages are left in
 * {@code target/console}.
 */
@Timeout(value = 6, unit = TimeUnit.MINUTES)
class ConsoleIT {
  /** What a page may load the first time it is opened, with all that it asks. */
  private static final long PAGE_BYTES_MAX = 300 * 1024;

  /** Within 5 s, and the time that a test machine may add to a page's request. */
  private static final double SEEN_MILLIS_MAX = 10_000;

  private static final int WRITERS = 2;
  private static final Path PICTURES = Path.of("target", "console");

  private final List<String> troubles = new CopyOnWriteArrayList<>();
  private final AtomicLong loaded = new AtomicLong();
  private @Nullable DemoProcess started;
  private Playwright playwright;
  private Page page;

  @TempDir Path data = Path.of("");

  @BeforeEach
  void openBrowser() {
    Path chromium = program("chromium", "chromium-browser", "google-chrome").orElse(null);
    Path node = program("node", "nodejs").orElse(null);
    assumeTrue(chromium != null, "no Chromium on this machine to look at the console with");
    assumeTrue(node != null, "no Node.js on this machine, which Playwright wants");
    playwright =
        Playwright.create(
            new Playwright.CreateOptions()
                .setEnv(
                    Map.of(
                        "PLAYWRIGHT_NODEJS_PATH",
                        node.toString(),
                        "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD",
                        "1")));
    Browser browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(chromium)
                    .setArgs(List.of("--no-sandbox")));
    page = open(browser.newContext(new Browser.NewContextOptions().setViewportSize(1280, 800)));
  }

  @AfterEach
  void stop() {
    if (playwright != null) {
      playwright.close();
    }
    if (started != null) {
      started.killAll();
    }
  }

  private static Optional<Path> program(String... names) {
    return Stream.of(names)
        .flatMap(name -> Stream.of("/usr/bin", "/usr/local/bin").map(at -> Path.of(at, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private Page open(BrowserContext context) {
    Page opened = context.newPage();
    opened.onConsoleMessage(message -> {
      if (message.type().equals("error") || message.type().equals("warning")) {
        troubles.add(message.text());
      }
    });
    opened.onPageError(troubles::add);
    opened.onResponse(this::count);
    return opened;
  }

  private void count(Response response) {
    loaded.addAndGet(Long.parseLong(response.headers().getOrDefault("content-length", "0")));
  }

  private DemoProcess startAndLogIn(int nodes) throws Exception {
    DemoProcess demo = DemoProcess.start(nodes, "--data", data.resolve("demo").toString());
    started = demo;
    demo.awaitReady();
    try (Connection connection = demo.connect(1);
        Statement statement = connection.createStatement()) {
      statement.execute("create table seen (id int primary key, \"<b>x</b>\" text)");
      statement.execute("insert into seen select g, '<i>' || g from generate_series(1, 500) g");
      statement.execute("create table kept (writer int, n int, primary key (writer, n))");
    }
    page.navigate(demo.address(1));
    page.getByLabel("Role").fill("shardforge");
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Log in")).click();
    assertThat(heading("Overview")).isVisible();
    return demo;
  }

  private Locator heading(String text) {
    return page.getByRole(
        AriaRole.HEADING, new Page.GetByRoleOptions().setName(text).setExact(true).setLevel(1));
  }

  private void awaitLive() {
    assertThat(page.locator("#live")).hasText("live", patience());
  }

  private static LocatorAssertions.HasTextOptions patience() {
    return new LocatorAssertions.HasTextOptions().setTimeout(SEEN_MILLIS_MAX);
  }

  private void picture(String name) {
    page.screenshot(
        new Page.ScreenshotOptions().setPath(PICTURES.resolve(name + ".png")).setFullPage(true));
  }

  @Test
  void showsEveryPage() throws Exception {
    DemoProcess demo = startAndLogIn(3);
    AcknowledgedRows rows = new AcknowledgedRows(demo, 2, WRITERS);
    List<String> pages = new ArrayList<>();
    for (Locator link : page.locator("nav a").all()) {
      pages.add(link.textContent());
    }
    assertThat(pages).contains("Overview", "Metrics", "Nodes", "Shards", "Statements", "Sessions");
    for (String name : pages) {
      loaded.set(0);
      page.locator("nav a", new Page.LocatorOptions().setHasText(name)).first().click();
      assertThat(heading(name)).isVisible();
      awaitLive();
      assertThat(loaded.get()).as("bytes of " + name).isLessThan(PAGE_BYTES_MAX);
      picture(name.toLowerCase(Locale.ROOT));
    }
    page.navigate(demo.address(1) + "#/databases?name=shardforge");
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("seen")).click();
    // A column's name is a text, whatever it looks like.
    assertThat(page.getByText("<b>x</b>")).isVisible();
    picture("table");
    page.setViewportSize(390, 800);
    for (String name : pages) {
      page.navigate(demo.address(1) + "#/" + name.toLowerCase(Locale.ROOT));
      awaitLive();
      int wider = (int) page.evaluate("document.documentElement.scrollWidth - window.innerWidth");
      assertThat(wider).as(name + " on a phone is wider than it by").isLessThanOrEqualTo(0);
    }
    picture("phone");
    rows.stop();
    assertThat(rows.failures()).isEmpty();
    assertThat(troubles).isEmpty();
  }

  @Test
  void seesANodeDieAndCancelsAStatement() throws Exception {
    DemoProcess demo = startAndLogIn(3);
    awaitLive();
    assertThat(page.locator(".tile").first()).containsText("3 of 3");
    demo.killNode(3);
    assertThat(page.locator(".tile").first()).containsText("2 of 3", soon());
    picture("node-down");
    demo.awaitRestart(3);

    try (Connection connection = demo.connect(1);
        Statement statement = connection.createStatement()) {
      Thread sleeper =
          Thread.ofVirtual()
              .unstarted(() -> {
                try {
                  statement.execute("select pg_sleep(300)");
                } catch (java.sql.SQLException e) {
                  troubles.add(e.getSQLState());
                }
              });
      sleeper.start();
      page.navigate(demo.address(1) + "#/sessions");
      Locator row = page.locator("tr", new Page.LocatorOptions().setHasText("pg_sleep(300)"));
      row.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("cancel")).click();
      Locator dialog = page.getByRole(AriaRole.DIALOG);
      assertThat(dialog).containsText("pg_sleep(300)");
      dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Cancel")).click();
      sleeper.join();
      assertThat(troubles).containsExactly("57014");
    }
  }

  @Test
  void drainsANodeAndMovesAReplicaByClicking() throws Exception {
    DemoProcess demo = startAndLogIn(4);
    page.navigate(demo.address(1) + "#/nodes");
    Locator second = page.locator("tbody tr").nth(1);
    click(second, "drain");
    confirm("drain");
    assertThat(second).containsText("draining", soon());
    click(second, "recommission");
    confirm("recommission");
    assertThat(second).containsText("live", soon());

    page.navigate(demo.address(1) + "#/shards");
    Locator shard = page.locator("tbody tr").nth(1);
    assertThat(shard).containsText("healthy", soon());
    List<String> holders = List.of(shard.locator("td").nth(4).textContent().split(", ", -1));
    String free =
        Stream.of("1", "2", "3", "4")
            .filter(node -> !holders.contains(node))
            .findFirst()
            .orElseThrow();
    click(shard, "move");
    page.getByLabel("From node").selectOption(holders.getLast());
    page.getByLabel("To node").fill(free);
    confirm("Move");
    assertThat(shard.locator("td").nth(4)).containsText(free, soon());
    assertThat(troubles).isEmpty();
  }

  private static void click(Locator row, String button) {
    row.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(button).setExact(true))
        .click();
  }

  private void confirm(String action) {
    Locator dialog = page.getByRole(AriaRole.DIALOG);
    click(dialog, action);
    assertThat(dialog).hasCount(0);
  }

  private static LocatorAssertions.ContainsTextOptions soon() {
    return new LocatorAssertions.ContainsTextOptions().setTimeout(SEEN_MILLIS_MAX);
  }
}
