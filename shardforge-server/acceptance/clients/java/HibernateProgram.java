import jakarta.persistence.CascadeType;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.FetchType;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Index;
import jakarta.persistence.LockModeType;
import jakarta.persistence.ManyToMany;
import jakarta.persistence.ManyToOne;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OptimisticLockException;
import jakarta.persistence.Table;
import jakarta.persistence.UniqueConstraint;
import jakarta.persistence.Version;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.cfg.Configuration;
import org.hibernate.exception.ConstraintViolationException;
import org.hibernate.type.SqlTypes;

/** Hibernate: the schema made, validated and updated; rows, relations, queries, versions, locks, batches. */
class HibernateProgram {
  enum Mood { GOOD, BAD }

  @Entity
  @Table(name = "customer", uniqueConstraints = @UniqueConstraint(columnNames = {"name", "born"}), indexes = @Index(columnList = "born desc"))
  static class Customer {
    @Id @GeneratedValue(strategy = GenerationType.SEQUENCE) Long id;
    @Column(nullable = false, length = 60) String name;
    LocalDate born;
    Mood mood = Mood.GOOD;
    @Version int version;
    @OneToMany(mappedBy = "customer", cascade = CascadeType.ALL, orphanRemoval = true) List<Purchase> purchases = new ArrayList<>();
    @ElementCollection @CollectionTable(name = "nick") Set<String> nicks = new HashSet<>();
  }

  @Entity
  @Table(name = "purchase")
  static class Purchase {
    @Id @GeneratedValue(strategy = GenerationType.UUID) UUID id;
    @ManyToOne(fetch = FetchType.LAZY, optional = false) Customer customer;
    @Column(precision = 10, scale = 2) BigDecimal price;
    Instant at = Instant.parse("2024-02-29T10:11:12.345678Z");
    Duration took;
    byte[] photo;
    @JdbcTypeCode(SqlTypes.JSON) Map<String, Object> facts;
    @JdbcTypeCode(SqlTypes.ARRAY) List<String> words;
    @ManyToMany(cascade = CascadeType.PERSIST) Set<Label> labels = new HashSet<>();
  }

  @Entity
  @Table(name = "label")
  static class Label {
    @Id @GeneratedValue(strategy = GenerationType.IDENTITY) Integer id;
    @Column(unique = true) String name;
    boolean good;

    Label() {}

    Label(String name) {
      this.name = name;
    }
  }

  public static void main(String[] args) {
    try (SessionFactory factory = factory("create")) {
      work(factory);
    }
    try (SessionFactory factory = factory("validate"); SessionFactory update = factory("update")) {
      update.inTransaction(s -> check(s.createSelectionQuery("select count(c) from HibernateProgram$Customer c", Long.class).getSingleResult() == 101, "rows stay"));
    }
    factory("create-drop").close();
  }

  private static SessionFactory factory(String schemaAction) {
    return new Configuration()
        .addAnnotatedClass(Customer.class)
        .addAnnotatedClass(Purchase.class)
        .addAnnotatedClass(Label.class)
        .setProperty("hibernate.connection.url", System.getenv("JDBC_URL"))
        .setProperty("hibernate.hbm2ddl.auto", schemaAction)
        .setProperty("hibernate.hbm2ddl.halt_on_error", "true")
        .setProperty("hibernate.jdbc.batch_size", "20")
        .buildSessionFactory();
  }

  private static void work(SessionFactory factory) {
    Long id = factory.fromTransaction(s -> {
      Customer ann = new Customer();
      ann.name = "Ann";
      ann.born = LocalDate.of(1990, 1, 2);
      ann.nicks.addAll(List.of("a", "nn"));
      for (int i = 0; i < 3; i++) {
        Purchase p = new Purchase();
        p.customer = ann;
        p.price = new BigDecimal(i + ".50");
        p.took = Duration.ofMinutes(i);
        p.photo = new byte[] {0, (byte) i};
        p.facts = Map.of("n", i);
        p.words = List.of("x", "y" + i);
        p.labels.add(new Label("l" + i));
        ann.purchases.add(p);
      }
      s.persist(ann);
      for (int i = 0; i < 100; i++) {
        Customer more = new Customer();
        more.name = "c" + i;
        more.mood = Mood.BAD;
        s.persist(more);
      }
      return ann.id;
    });
    factory.inTransaction(s -> {
      Customer ann = s.createSelectionQuery("from HibernateProgram$Customer c left join fetch c.purchases where c.name = :n", Customer.class).setParameter("n", "Ann").getSingleResult();
      check(ann.purchases.size() == 3 && ann.nicks.contains("nn") && ann.mood == Mood.GOOD, "what was written");
      Purchase second = ann.purchases.stream().filter(p -> p.facts.get("n").equals(1)).findFirst().orElseThrow();
      check(second.price.equals(new BigDecimal("1.50")) && second.words.equals(List.of("x", "y1")) && second.photo[1] == 1
          && second.took.toMinutes() == 1 && second.at.equals(Instant.parse("2024-02-29T10:11:12.345678Z")), "a purchase");
      ann.purchases.remove(second);
      ann.name = "Anna";
    });
    factory.inTransaction(s -> {
      check(s.createSelectionQuery("select sum(p.price) from HibernateProgram$Purchase p group by p.customer having count(*) > 1", BigDecimal.class).getSingleResult().compareTo(new BigDecimal("3.00")) == 0, "a sum");
      check(s.createSelectionQuery("from HibernateProgram$Customer c where c.mood = BAD order by c.name", Customer.class).setFirstResult(10).setMaxResults(5).getResultList().size() == 5, "a page");
      check(s.createSelectionQuery("select l.name from HibernateProgram$Purchase p join p.labels l where array_contains(p.words, 'y2')", String.class).getSingleResult().equals("l2"), "an array");
      check(s.createSelectionQuery("select extract(year from c.born) from HibernateProgram$Customer c where exists (from c.purchases)", Integer.class).getSingleResult() == 1990, "a year");
      check(s.createMutationQuery("update HibernateProgram$Customer c set c.name = upper(c.name) where c.name like 'c1%'").executeUpdate() == 11, "an update");
      check(s.createNativeQuery("select count(*) from purchase", Long.class).getSingleResult() == 2, "native SQL");
      check(s.find(Customer.class, id, LockModeType.PESSIMISTIC_WRITE).version == 1, "the version");
    });
    try {
      factory.inTransaction(s -> {
        Label twice = new Label("l0");
        s.persist(twice);
      });
      throw new AssertionError("a duplicate was taken");
    } catch (ConstraintViolationException e) {
      check(e.getSQLState().equals("23505"), "its state");
    }
    try (Session one = factory.openSession(); Session other = factory.openSession()) {
      one.beginTransaction();
      other.beginTransaction();
      one.find(Customer.class, id).born = null;
      other.find(Customer.class, id).born = LocalDate.EPOCH;
      one.getTransaction().commit();
      try {
        other.getTransaction().commit();
        throw new AssertionError("a lost update");
      } catch (OptimisticLockException e) {
        // As it should be.
      }
    }
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(what);
    }
  }
}
