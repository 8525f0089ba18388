# The mixed model of alliancekit (score ~ role * u * condition) by lme4, and a response surface analysis.
#
#   Rscript analysis.R        in this folder; or source("analysis.R") with this folder as the working directory
#
# reads cells.csv, levels.csv, conditions.csv and sessions.csv; prints, and writes mixed_model.csv and, where an
# outcome was exported, response_surface.csv. README.md says what each column is. Needs the package lme4.

if (!requireNamespace("lme4", quietly = TRUE)) {
  stop("The package lme4 is missing: install.packages(\"lme4\")")
}

read <- function(name, words) {
  read.csv(
    name,
    colClasses = setNames(rep("character", length(words)), words), na.strings = "", encoding = "UTF-8",
    check.names = FALSE
  )
}
cells <- read("cells.csv", c("scale", "condition", "role"))
levels_of <- read("levels.csv", c("scale", "level"))
conditions <- read("conditions.csv", c("scale", "condition"))
sessions <- read("sessions.csv", c("scale", "condition"))

# ---- Mixed model -------------------------------------------------------------------------------------------------
# A row is the mean of a role's turns in a fifth of a session, weighted by its turns. Role is +1/2 for the therapist and
# -1/2 for the patient; u runs from -1/2 (start) to 1/2 (end). So `therapist` is the gap, `therapist:u` its slope over a
# session, and `therapist:X` how much larger the gap is in condition X than in the first one of conditions.csv. Level, gap, drift and slope
# vary independently between therapists, patients and sessions, as far as the data tells them apart.

mixed_model <- function(scale) {
  rows <- cells[cells$scale == scale, ]
  rows$r <- ifelse(rows$role == "therapist", .5, -.5)
  names_of <- conditions$condition[conditions$scale == scale]
  fixed <- "score ~ r * u"
  if (length(names_of) > 1) {
    rows$condition <- factor(rows$condition, names_of)
    fixed <- "score ~ r * u * condition"
  }
  random <- outer(c("1", "0 + r", "0 + u", "0 + r:u"), levels_of$level[levels_of$scale == scale], function(part, level) {
    sprintf("(%s | %s)", part, level)
  })
  # The optimum is searched to many digits, since variances of zero are common and no failure.
  control <- lme4::lmerControl(
    optimizer = "bobyqa", calc.derivs = FALSE, check.conv.singular = "ignore",
    optCtrl = list(rhoend = 1e-10, maxfun = 1e5)
  )
  lme4::lmer(as.formula(paste(c(fixed, random), collapse = " + ")), rows, weights = rows$turns, control = control)
}

# Terms by the names that alliancekit gives them.
named <- function(terms) {
  vapply(strsplit(terms, ":", fixed = TRUE), function(parts) {
    parts <- sub("^condition", "", parts)
    parts[parts == "r"] <- "therapist"
    parts[parts == "(Intercept)"] <- "intercept"
    paste(parts, collapse = ":")
  }, "")
}

model_table <- function(scale) {
  model <- mixed_model(scale)
  found <- coef(summary(model))
  data.frame(
    scale = scale, term = named(rownames(found)), estimate = found[, 1], std_error = found[, 2],
    criterion = lme4::REMLcrit(model), row.names = NULL
  )
}

scales <- unique(cells$scale)
effects <- do.call(rbind, lapply(scales, model_table))
print(effects, digits = 4, row.names = FALSE)
write.csv(effects, "mixed_model.csv", row.names = FALSE)

# ---- Response surface analysis -----------------------------------------------------------------------------------
# Does agreement of the two sides go with the outcome? outcome = b0 + b1 P + b2 T + b3 P^2 + b4 PT + b5 T^2, both sides
# centred on their common mean and divided by their common SD, so that P = T stays agreement (Edwards & Parry 1993,
# Academy of Management Journal 36; Shanock et al. 2010, Journal of Business and Psychology 25):
#   a1 = b1 + b2       slope along the line of agreement (P = T)
#   a2 = b3 + b4 + b5  curvature along it
#   a3 = b1 - b2       slope along the line of incongruence (P = -T): which side's lead goes with more
#   a4 = b3 - b4 + b5  curvature along it: negative where disagreement goes with less

surface <- function(scale) {
  rows <- sessions[sessions$scale == scale, c("cluster", "patient_mean", "therapist_mean", "outcome")]
  rows <- rows[stats::complete.cases(rows), ]
  both <- c(rows$patient_mean, rows$therapist_mean)
  rows$P <- (rows$patient_mean - mean(both)) / sd(both)
  rows$T <- (rows$therapist_mean - mean(both)) / sd(both)
  formula <- outcome ~ P + T + I(P^2) + I(P * T) + I(T^2)
  if (nrow(rows) < 12) {
    message(scale, ": no response surface, fewer than 12 sessions with an outcome")
    return(NULL)
  }
  if (anyDuplicated(rows$cluster)) {
    model <- lme4::lmer(update(formula, . ~ . + (1 | cluster)), rows)
    b <- lme4::fixef(model)
  } else {
    model <- lm(formula, rows)
    b <- coef(model)
  }
  # Rows: b0 to b5, then a1 to a4; their covariance follows from that of the coefficients.
  lines <- rbind(diag(6), c(0, 1, 1, 0, 0, 0), c(0, 0, 0, 1, 1, 1), c(0, 1, -1, 0, 0, 0), c(0, 0, 0, 1, -1, 1))
  estimate <- drop(lines %*% b)
  std_error <- sqrt(diag(lines %*% as.matrix(vcov(model)) %*% t(lines)))
  data.frame(
    scale = scale, term = c(paste0("b", 0:5), paste0("a", 1:4)), estimate = estimate, std_error = std_error,
    ci_low = estimate - 1.96 * std_error, ci_high = estimate + 1.96 * std_error, n_sessions = nrow(rows)
  )
}

if (all(is.na(sessions$outcome))) {
  message("No outcome was exported, so there is no response surface: alliance export ... --outcome COLUMN")
} else {
  surfaces <- do.call(rbind, lapply(unique(sessions$scale), surface))
  print(surfaces, digits = 4, row.names = FALSE)
  write.csv(surfaces, "response_surface.csv", row.names = FALSE)
}
