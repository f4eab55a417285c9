// Lets the office do without inline script. Starts Wagtail's date fields, choosers and inline panels, which Wagtail itself starts by inline script. Stimulus sees
// the elements wherever they turn up: in the page, in a panel added later, in a dialog. What a page may have started is
// listed, so that markup smuggled into it cannot call anything else.
(() => {
  "use strict";

  const FUNCTIONS = ["initDateChooser", "initDateTimeChooser", "initTimeChooser", "createTaskChooser"];
  const CLASSES = /^(InlinePanel|MultipleChooserPanel|([A-Z]\w*)?Chooser)$/;

  class OfficeWidget extends window.StimulusModule.Controller {
    static values = { name: String, arguments: Array };

    // Once in the life of the element: moved to another place of its panel, it is connected anew.
    initialize() {
      const name = this.nameValue;
      if (FUNCTIONS.includes(name)) window[name](...this.argumentsValue);
      else if (CLASSES.test(name)) new window[name](...this.argumentsValue);
    }
  }

  window.wagtail.app.register("office-widget", OfficeWidget);

  // How long the text in a field is, while it is typed.
  class OfficeCount extends window.StimulusModule.Controller {
    static targets = ["length"];

    connect() {
      this.element.addEventListener("input", (event) => {
        this.lengthTarget.value = [...event.target.value].length;
      });
    }
  }

  window.wagtail.app.register("office-count", OfficeCount);

  // The image editor's Jcrop finds out whether there is a touch screen by writing event handlers into markup, which the
  // policy forbids. Told beforehand, it does not try. Functions given to jQuery run in the order in which they came.
  window.jQuery(() => {
    const { Jcrop } = window.jQuery;
    if (Jcrop) Jcrop.defaults.touchSupport = "ontouchstart" in window;
  });
})();
