"""Change Security Question (P-10): the question read-only, then another one and its answer. Nobody sees an answer.

In a deployment whose policy has no security question there is no such section.
"""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from bailiwick.ground.pages.words import sentence_for
from bailiwick.ground.program import by, clock
from bailiwick.ground.rulings import Refused
from bailiwick.idm.portal.profile.doors import sensitive
from bailiwick.idm.portal.profile.forms import QuestionForm
from bailiwick.idm.portal.profile.menu import page
from bailiwick.idm.portal.profile.views import saved
from bailiwick.idm.rules.signin import Refusal
from bailiwick.idm.sessions.doors import signed_in
from bailiwick.idm.signin import actions, queries


@require_safe
@signed_in
def question(request: HttpRequest) -> HttpResponse:
    _only_with_questions()
    asked = queries.question_words(request.signed_in.account)
    context = page(request, question=asked, is_saved="saved" in request.GET)
    return render(request, "profile/question.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive
def edit_question(request: HttpRequest) -> HttpResponse:
    _only_with_questions()
    account = request.signed_in.account
    initial = {"question": queries.security_question(account)}
    form = QuestionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            actions.change_question(
                account=account,
                question=typed["question"],
                answer=typed["answer"],
                by=by(request),
                now=clock.now(),
            )
        except Refused as refused:
            field = "question" if refused.code is Refusal.QUESTION_UNKNOWN else "answer"
            form.add_error(field, sentence_for(refused.code, **refused.facts))
        else:
            return saved("profile_question")
    return render(request, "profile/edit_question.html", page(request, form=form))


def _only_with_questions() -> None:
    if not settings.PROFILE.security_question:
        raise Http404
